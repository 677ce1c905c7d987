package picture

import (
	"cmp"
	"encoding/binary"
	"errors"
	"io"
	"slices"
)

// AVIF is a tree of boxes (ISO/IEC 14496-12): a length, a name of four letters, then the content. What a picture consists of
// are items (ISO/IEC 23008-12) described in the box meta: iinf says what they are, iloc where their bytes are, ipco and ipma
// how large they are and how they are turned.

// isAVIF looks for the brand avif or avis in the first box.
func isAVIF(head []byte) bool {
	if len(head) < 16 || string(head[4:8]) != "ftyp" {
		return false
	}
	end := min(int64(len(head)), int64(binary.BigEndian.Uint32(head[:4])))
	for at := int64(8); at+4 <= end; at += 4 {
		if brand := string(head[at : at+4]); at != 12 && (brand == "avif" || brand == "avis") {
			return true
		}
	}
	return false
}

// box is one box of a file: where it begins, and where its content is.
type box struct {
	name           string
	at, start, end int64
}

// boxes lists those between two places, which they must fill.
func boxes(r io.ReaderAt, start, end int64) ([]box, error) {
	const most = 4096
	var out []box
	for at := start; at < end; {
		var head [16]byte
		if end-at < 8 || len(out) == most {
			return nil, errTruncated
		}
		if _, err := r.ReadAt(head[:8], at); err != nil {
			return nil, errTruncated
		}
		length, content := int64(binary.BigEndian.Uint32(head[:4])), at+8
		switch length {
		case 0: // to the end
			length = end - at
		case 1:
			if _, err := r.ReadAt(head[8:], at+8); err != nil {
				return nil, errTruncated
			}
			large := binary.BigEndian.Uint64(head[8:])
			if large > uint64(end-at) {
				return nil, errTruncated
			}
			length, content = int64(large), at+16
		}
		if length < content-at || length > end-at {
			return nil, errTruncated
		}
		out = append(out, box{string(head[4:8]), at, content, at + length})
		at += length
	}
	return out, nil
}

// avifFile is what a file's boxes say.
type avifFile struct {
	r     io.ReaderAt
	size  int64
	spots []part // what must not be shown: "zero" and "skip", a name to be overwritten

	primary    uint32
	properties []box
	uses       map[uint32][]int // properties of an item, numbered from 1
	hidden     map[uint32]bool  // items that are not pixels
	data       box              // idat
	locations  box              // iloc
}

func scanAVIF(r io.ReaderAt, size int64) ([]part, Facts, error) {
	f := avifFile{r: r, size: size, uses: map[uint32][]int{}, hidden: map[uint32]bool{}}
	top, err := boxes(r, 0, size)
	if err != nil {
		return nil, Facts{}, err
	}
	var facts Facts
	data := false
	for _, b := range top {
		switch b.name {
		case "ftyp":
			brand, err := readPart(r, part{"", b.start, b.end}, 4)
			facts.Animated = err == nil && string(brand) == "avis"
		case "mdat":
			data = true
		case "meta":
			if err := f.meta(b); err != nil {
				return nil, facts, err
			}
		case "moov":
			if err := f.movie(b, &facts); err != nil {
				return nil, facts, err
			}
		default:
			f.hide(b)
		}
	}
	if !data {
		return nil, facts, errors.New("the picture has no data")
	}
	if err := f.describe(&facts); err != nil {
		return nil, facts, err
	}
	if err := f.locate(); err != nil {
		return nil, facts, err
	}
	return f.parts(), facts, nil
}

// hide overwrites a box's name and content, so that everything else stays where it is.
func (f *avifFile) hide(b box) {
	f.spots = append(f.spots, part{"skip", b.at + 4, b.at + 8}, part{"zero", b.start, b.end})
}

func (f *avifFile) meta(meta box) error {
	if meta.end-meta.start < 4 {
		return errTruncated
	}
	inner, err := boxes(f.r, meta.start+4, meta.end) // after version and flags
	if err != nil {
		return err
	}
	for _, b := range inner {
		switch b.name {
		case "pitm":
			f.primary = f.cursor(b).id(func(version byte) bool { return version > 0 })
		case "iinf":
			err = f.items(b)
		case "iprp":
			err = f.itemProperties(b)
		case "idat":
			f.data = b
		case "iloc":
			f.locations = b
		case "uuid", "free", "skip", "udta":
			f.hide(b)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// items finds those that are not pixels: EXIF, and XMP, whose type is mime.
func (f *avifFile) items(iinf box) error {
	c := f.cursor(iinf)
	if c.version == 0 {
		c.number(2)
	} else {
		c.number(4)
	}
	if c.err != nil {
		return c.err
	}
	entries, err := boxes(f.r, c.at, iinf.end)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if entry.name != "infe" {
			continue
		}
		e := f.cursor(entry)
		if e.version < 2 {
			continue
		}
		item := e.number(2)
		if e.version > 2 {
			item = item<<16 | e.number(2)
		}
		e.number(2) // protection
		from := e.at
		kind := uint32(e.number(4))
		if e.err != nil {
			return e.err
		}
		switch string(binary.BigEndian.AppendUint32(nil, kind)) {
		case "Exif", "mime", "uri ":
			f.hidden[uint32(item)] = true
			f.spots = append(f.spots, part{"skip", from, from + 4}, part{"zero", from + 4, entry.end})
		}
	}
	return nil
}

func (f *avifFile) itemProperties(iprp box) error {
	inner, err := boxes(f.r, iprp.start, iprp.end)
	if err != nil {
		return err
	}
	for _, b := range inner {
		switch b.name {
		case "ipco":
			if f.properties, err = boxes(f.r, b.start, b.end); err != nil {
				return err
			}
		case "ipma":
			c := f.cursor(b)
			for range c.number(4) {
				if c.err != nil {
					return c.err
				}
				item := uint32(c.number(2))
				if c.version > 0 {
					item = item<<16 | uint32(c.number(2))
				}
				for range c.number(1) {
					use := int(c.number(1)) & 0x7f
					if c.flags&1 != 0 {
						use = use<<8 | int(c.number(1))
					}
					f.uses[item] = append(f.uses[item], use)
				}
			}
		}
	}
	return nil
}

// describe finds the size of the picture and how it is to be turned; the boxes are ispe, irot and imir.
func (f *avifFile) describe(facts *Facts) error {
	var turns, mirror uint64
	mirrored := false
	for _, use := range f.uses[f.primary] {
		if use < 1 || use > len(f.properties) {
			continue
		}
		b := f.properties[use-1]
		c := f.bare(b)
		switch b.name {
		case "ispe":
			c.number(4)
			w, h := c.number(4), c.number(4)
			if c.err != nil {
				return c.err
			}
			if w > 1<<20 || h > 1<<20 {
				return errors.New("the size is beyond reason")
			}
			facts.Width, facts.Height = int(w), int(h)
		case "irot":
			turns = c.number(1) & 3 // quarters, against the clock
		case "imir":
			mirrored, mirror = true, c.number(1)&1
		}
	}
	facts.Orientation = [...]int{1, 8, 3, 6}[turns]
	if mirrored {
		// First turned, then mirrored: 0 swaps top and bottom, 1 left and right.
		facts.Orientation = [...][2]int{{4, 2}, {5, 7}, {2, 4}, {7, 5}}[turns][mirror]
	}
	return nil
}

// movie hides what is told of an animation, and takes its size when there is no picture beside it.
func (f *avifFile) movie(moov box, facts *Facts) error {
	inner, err := boxes(f.r, moov.start, moov.end)
	if err != nil {
		return err
	}
	for _, b := range inner {
		switch b.name {
		case "udta", "uuid", "free", "skip", "meta":
			f.hide(b)
		case "trak":
			track, err := boxes(f.r, b.start, b.end)
			if err != nil {
				return err
			}
			for _, t := range track {
				switch t.name {
				case "udta", "uuid", "free", "skip", "meta":
					f.hide(t)
				case "tkhd":
					// The last two numbers, of 16 bits before the point and 16 behind it.
					if c := (cursor{r: f.r, at: t.end - 8, end: t.end}); facts.Width == 0 && t.end-t.start > 80 {
						facts.Width, facts.Height = int(c.number(4)>>16), int(c.number(4)>>16)
					}
				}
			}
		}
	}
	return nil
}

// locate finds the bytes of the items that are hidden.
func (f *avifFile) locate() error {
	if len(f.hidden) == 0 || f.locations.name == "" {
		return nil
	}
	c := f.cursor(f.locations)
	sizes, more := c.number(1), c.number(1)
	offsetSize, lengthSize, baseSize, indexSize := int(sizes>>4), int(sizes&15), int(more>>4), int(more&15)
	wide := c.version == 2
	count := c.number(2)
	if wide {
		count = count<<16 | c.number(2)
	}
	pieces := uint64(0)
	for range count {
		if c.err != nil {
			return c.err
		}
		item := uint32(c.number(2))
		if wide {
			item = item<<16 | uint32(c.number(2))
		}
		method := uint64(0)
		if c.version > 0 {
			method = c.number(2) & 15
		}
		c.number(2) // data reference
		base := c.number(baseSize)
		extents := c.number(2)
		if pieces += extents; pieces > maxParts {
			return errors.New("there are too many pieces")
		}
		for range extents {
			if c.version > 0 {
				c.number(indexSize)
			}
			start := int64(base + c.number(offsetSize))
			length := int64(c.number(lengthSize))
			if c.err != nil {
				return c.err
			}
			if !f.hidden[item] {
				continue
			}
			limit := f.size
			if method == 1 {
				start, limit = start+f.data.start, f.data.end
			}
			if length == 0 {
				length = limit - start
			}
			if start < 0 || length < 0 || start > limit-length || method > 1 {
				return errTruncated
			}
			f.spots = append(f.spots, part{"zero", start, start + length})
		}
	}
	return c.err
}

// parts are the spots and what is between them.
func (f *avifFile) parts() []part {
	slices.SortFunc(f.spots, func(a, b part) int { return cmp.Compare(a.start, b.start) })
	var out []part
	at := int64(0)
	for _, s := range f.spots {
		if s.start = max(s.start, at); s.end <= s.start {
			continue
		}
		out = append(out, part{"copy", at, s.start}, s)
		at = s.end
	}
	return append(out, part{"copy", at, f.size})
}

func cleanAVIF(w io.Writer, r io.ReaderAt, parts []part) error {
	for _, p := range parts {
		var err error
		switch p.name {
		case "copy":
			err = copyPart(w, r, p)
		case "skip":
			_, err = io.WriteString(w, "skip"[:p.end-p.start])
		default:
			_, err = io.CopyN(w, zeros{}, p.end-p.start)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// avifMore is what decoding needs besides: the colour profile of ICC, if there is one, and whether something may shine
// through.
func avifMore(r io.ReaderAt, size int64) (profile []byte, alpha bool) {
	f := avifFile{r: r, size: size, uses: map[uint32][]int{}, hidden: map[uint32]bool{}}
	top, err := boxes(r, 0, size)
	if err != nil {
		return nil, true
	}
	for _, b := range top {
		switch b.name {
		case "moov":
			alpha = true // or perhaps not, which is more than is worth finding out
		case "meta":
			if f.meta(b) != nil {
				return nil, true
			}
		}
	}
	alpha = alpha || slices.ContainsFunc(f.properties, func(b box) bool { return b.name == "auxC" })
	for _, use := range f.uses[f.primary] {
		if use < 1 || use > len(f.properties) || f.properties[use-1].name != "colr" {
			continue
		}
		content, err := readPart(r, part{"", f.properties[use-1].start, f.properties[use-1].end}, maxProfile)
		if err == nil && len(content) > 4 && (string(content[:4]) == "prof" || string(content[:4]) == "rICC") {
			return content[4:], alpha
		}
	}
	return nil, alpha
}

// cursor reads numbers one after the other; the first that is not there is its error, and all after it are 0.
type cursor struct {
	r       io.ReaderAt
	at, end int64
	version byte
	flags   uint64
	err     error
}

// cursor begins behind the version and flags of a box.
func (f *avifFile) cursor(b box) *cursor {
	c := f.bare(b)
	c.version = byte(c.number(1))
	c.flags = c.number(3)
	return c
}

func (f *avifFile) bare(b box) *cursor { return &cursor{r: f.r, at: b.start, end: b.end} }

// number reads one of n bytes.
func (c *cursor) number(n int) uint64 {
	var b [8]byte
	if c.err != nil || n == 0 {
		return 0
	}
	if n > 8 || c.at+int64(n) > c.end {
		c.err = errTruncated
		return 0
	}
	if _, err := c.r.ReadAt(b[8-n:], c.at); err != nil {
		c.err = errTruncated
		return 0
	}
	c.at += int64(n)
	return binary.BigEndian.Uint64(b[:])
}

// id reads an item's number, of four bytes when wide says so for the box's version.
func (c *cursor) id(wide func(version byte) bool) uint32 {
	if wide(c.version) {
		return uint32(c.number(4))
	}
	return uint32(c.number(2))
}
