package picture

import (
	"bytes"
	"errors"
	"image/gif"
	"io"
)

// A GIF (version 89a) is a row of blocks.

func scanGIF(r io.ReaderAt, size int64) ([]part, Facts, error) {
	cfg, err := gif.DecodeConfig(io.NewSectionReader(r, 0, size))
	if err != nil {
		return nil, Facts{}, err
	}
	facts := Facts{Width: cfg.Width, Height: cfg.Height}
	g := gifReader{r: r}
	screen := g.bytes(13)
	if g.err != nil {
		return nil, facts, g.err
	}
	g.skipTable(screen[10])
	parts := []part{{"screen", 0, g.at}}
	pictures := 0
	for g.err == nil && len(parts) <= maxParts {
		p := part{start: g.at}
		switch block := g.bytes(1); {
		case g.err != nil:
		case block[0] == 0x3b:
			if pictures == 0 {
				return nil, facts, errors.New("the picture has no data")
			}
			facts.Animated = pictures > 1
			return append(parts, part{"end", p.start, g.at}), facts, nil
		case block[0] == 0x21:
			p.name = g.extension()
			g.skipBlocks()
		case block[0] == 0x2c:
			p.name = "picture"
			if d := g.bytes(9); g.err == nil {
				g.skipTable(d[8])
				g.bytes(1) // code size
				g.skipBlocks()
				pictures++
			}
		default:
			return nil, facts, errors.New("there is no such block")
		}
		p.end = g.at
		parts = append(parts, p)
	}
	if g.err == nil {
		g.err = errors.New("there are too many blocks")
	}
	return nil, facts, g.err
}

type gifReader struct {
	r   io.ReaderAt
	at  int64
	err error
}

func (g *gifReader) bytes(n int64) []byte {
	b := make([]byte, n)
	if g.err != nil {
		return b
	}
	if _, err := g.r.ReadAt(b, g.at); err != nil {
		g.err = errTruncated
	}
	g.at += n
	return b
}

// extension reads what an extension is for.
func (g *gifReader) extension() string {
	switch label := g.bytes(1); label[0] {
	case 0xf9:
		return "control"
	case 0xff:
		from := g.at
		head := g.bytes(12)
		g.at = from
		if bytes.HasSuffix(head, []byte("NETSCAPE2.0")) || bytes.HasSuffix(head, []byte("ANIMEXTS1.0")) {
			return "loop"
		}
	}
	return "extension"
}

// skipTable steps over the colours that follow, if the flags say so.
func (g *gifReader) skipTable(flags byte) {
	if flags&0x80 != 0 {
		g.at += 3 << (1 + flags&7)
	}
}

func (g *gifReader) skipBlocks() {
	for g.err == nil {
		n := g.bytes(1)[0]
		if g.err != nil || n == 0 {
			return
		}
		g.at += int64(n)
	}
}

func cleanGIF(w io.Writer, r io.ReaderAt, parts []part) error {
	for _, p := range parts {
		if p.name == "extension" {
			continue
		}
		if err := copyPart(w, r, p); err != nil {
			return err
		}
	}
	return nil
}
