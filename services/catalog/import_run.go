package catalog

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	mediav1 "github.com/sovecom/sovecom/gen/sovecom/media/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/tenant"
)

const (
	// chunkProducts, chunkRows and chunkBytes bound what is written in one transaction.
	chunkProducts = 500
	chunkRows     = 5000
	chunkBytes    = 8 << 20
	// chunkTries is how often a chunk is written when others keep taking the names it made up.
	chunkTries = 5
	// mediaPage is how many pictures the media room describes at once.
	mediaPage = 100
)

// importFile reads a file twice: the first time to count its rows and to refuse what cannot be read to its end, before
// anything is written; the second time to write.
func (s *Service) importFile(ctx context.Context, j *job) error {
	if j.total == nil {
		if err := s.scan(ctx, j); err != nil {
			return s.refuse(ctx, j, err)
		}
	}
	src, err := s.rowsFrom(ctx, j)
	if err != nil {
		return s.refuse(ctx, j, err)
	}
	g := &gatherer{src: src, at: j.inputAt, row: j.inputRow}
	began := s.time()
	for {
		chunk, err := g.chunk()
		if err != nil {
			return err
		}
		if len(chunk.wishes) == 0 {
			if j.created+j.updated < statisticsAfter || j.dryRun {
				return nil
			}
			return s.db.Analyze(ctx)
		}
		stopped, err := s.importChunk(ctx, j, chunk)
		if err != nil {
			return err
		}
		if stopped {
			return errJobEnded
		}
		if err := s.goOn(ctx, began); err != nil {
			return err
		}
	}
}

// refuse ends a job whose file cannot be read, and keeps why in its report.
func (s *Service) refuse(ctx context.Context, j *job, err error) error {
	var bad *unreadable
	if !errors.As(err, &bad) {
		return err
	}
	p := j.progress
	p.errors++
	if err := s.db.Write(ctx, func(w *pg.Writes) error {
		insertJobErrors(w, j.id, false, j.errors, []rowError{bad.rowError})
		saveProgress(w, j, s.worker, p, s.time())
		return finishJob(ctx, w, j.ended(failed, s.time(), ErrFileUnreadable.WithMessage("%s", bad.message)), s.worker)
	}); err != nil {
		return err
	}
	return errJobEnded
}

// scan counts the rows of a file and checks that it is text to its end.
func (s *Service) scan(ctx context.Context, j *job) error {
	inner, err := s.inputFrom(ctx, j, 0)
	if err != nil {
		return err
	}
	check, n := utf8Checker{}, 0
	line, read := int64(1), int64(0) // up to the piece under way
	src := func() ([]byte, error) {
		p, err := inner()
		switch {
		case errors.Is(err, io.EOF):
			if at, ok := check.end(); !ok {
				return nil, notUTF8(at, line)
			}
			return nil, err
		case err != nil:
			return nil, err
		}
		if n == 0 && (strings.HasPrefix(string(p[:min(len(p), 2)]), "\xff\xfe") || strings.HasPrefix(string(p[:min(len(p), 2)]), "\xfe\xff")) {
			return nil, &unreadable{*problem("", "encoding", "The file is UTF-16 (byte 0). Save it as UTF-8 and send it again.", "")}
		}
		if at, ok := check.check(p); !ok {
			return nil, notUTF8(at, line+int64(bytes.Count(p[:max(at-read, 0)], []byte{'\n'})))
		}
		line, read = line+int64(bytes.Count(p, []byte{'\n'})), read+int64(len(p))
		if n++; n%scanRenew == 0 {
			if err := s.db.Write(ctx, func(w *pg.Writes) error { renewLease(w, j, s.worker, s.time()); return nil }); err != nil {
				return nil, err
			}
		}
		return p, nil
	}
	total, ignored, err := countRows(src, j.format)
	if err != nil {
		return err
	}
	j.total, j.ignored = &total, ignored
	return s.db.Write(ctx, func(w *pg.Writes) error { saveTotal(w, j, s.worker, s.time()); return nil })
}

func notUTF8(at, line int64) error {
	return &unreadable{*problem("", "encoding", fmt.Sprintf("The file is not UTF-8 text: byte %d, in line %d, does not fit. Save it as UTF-8 and send it again.", at, line), strconv.FormatInt(at, 10))}
}

// countRows reads a file to its end and counts its rows without the header.
func countRows(src pages, format fileFormat) (total int64, ignored []string, err error) {
	if format == formatNDJSON {
		l := &lineRows{cursor: cursor{src: src}}
		for ; ; total++ {
			if _, _, err := l.line(); err != nil {
				return total, nil, ignoreEOF(err)
			}
		}
	}
	r, err := readHeader(src)
	if err != nil {
		return 0, nil, err
	}
	for ; ; total++ {
		switch _, err := r.read(); {
		case errors.Is(err, errQuoteOpen):
			return total, nil, &unreadable{*problem(r.nameAt(len(r.ends)), "quote_open", fmt.Sprintf("A quote that opens in row %d is never closed.", r.row), "").at(r.row)}
		case err != nil:
			return total, r.ignored, ignoreEOF(err)
		}
	}
}

func (r *csvRows) nameAt(i int) string {
	if i < len(r.columns) {
		return r.columns[i].name
	}
	return ""
}

func ignoreEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// rowsFrom reads on where the last commit left off.
func (s *Service) rowsFrom(ctx context.Context, j *job) (rows, error) {
	if j.format == formatNDJSON {
		src, err := s.inputFrom(ctx, j, j.inputAt)
		return &lineRows{cursor: cursor{src: src, base: j.inputAt}, row: j.inputRow}, err
	}
	src, err := s.inputFrom(ctx, j, 0)
	if err != nil {
		return nil, err
	}
	r, err := readHeader(src)
	if err != nil {
		return nil, err
	}
	var out rows = r
	if r.from == wooCommerce {
		if out, err = wooFrom(r, func(at int64) (pages, error) { return s.inputFrom(ctx, j, at) }); err != nil {
			return nil, err
		}
	}
	if j.inputAt == 0 {
		return out, nil
	}
	if src, err = s.inputFrom(ctx, j, j.inputAt); err != nil {
		return nil, err
	}
	r.cursor, r.row = cursor{src: src, base: j.inputAt}, j.inputRow
	return out, nil
}

// gatherer puts the rows of a file together to wishes, and those to chunks.
type gatherer struct {
	src     rows
	pending *fileRow // read, and left for the next chunk
	at      int64    // behind the last row that is in a chunk
	row     int64
}

// fileChunk is what is written in one transaction.
type fileChunk struct {
	wishes []*wish
	rows   int64
	at     int64 // byte behind its last row
	row    int64
}

// chunk is the next chunk; without wishes it is the end. Rows of one product that stand together are never torn apart.
func (g *gatherer) chunk() (fileChunk, error) {
	var c fileChunk
	byKey := map[string]*wish{}
	last, size := "", 0
	for {
		if g.pending == nil {
			r, err := g.src.next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return c, err
			}
			g.pending = &r
		}
		r := *g.pending
		if r.key != last && (len(c.wishes) >= chunkProducts || c.rows >= chunkRows || size >= chunkBytes) {
			break
		}
		w := byKey[r.key]
		if w == nil {
			w = &wish{row: 0}
			byKey[r.key] = w
			c.wishes = append(c.wishes, w)
		}
		r.fill(w)
		if w.row == 0 {
			w.row = r.row
		}
		w.rows++
		if len(w.variants) <= maxVariants { // what is not kept does not count
			size += r.size
		}
		c.rows++
		last, g.pending = r.key, nil
		g.at, g.row = r.end, r.upTo
	}
	c.at, c.row = g.at, g.row
	return c, nil
}

// importChunk writes what a chunk asks, and how far the job has come with it, in one transaction. stopped says that an
// error ends the import here.
func (s *Service) importChunk(ctx context.Context, j *job, c fileChunk) (stopped bool, err error) {
	pictures, err := s.pictures(ctx, c.wishes)
	if err != nil {
		return false, err
	}
	var after progress
	for try := range chunkTries {
		err = s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
			var err error
			after, stopped, err = s.writeChunk(ctx, tx, j, c, pictures)
			return err
		})
		// Somebody took a name between the look and the insert. The next look sees it.
		if err = explain(err); !isTaken(err) || try == chunkTries-1 {
			break
		}
	}
	if err != nil {
		return false, err
	}
	j.progress = after
	s.pokePictures()
	return stopped, nil
}

func (s *Service) writeChunk(ctx context.Context, tx *pg.Tx, j *job, c fileChunk, pictures map[string]link) (after progress, stopped bool, err error) {
	shown, err := shownNow(ctx, tx, pictures)
	if err != nil {
		return after, false, err
	}
	shelf := &shelf{strange: map[string]bool{}, currency: s.cfg.DefaultCurrency, at: s.time(), pictures: shown, dry: j.dryRun, rules: s.rules, fetches: s.media != nil && !j.dryRun}
	if err := loadShelf(ctx, tx, j, c.wishes, shelf); err != nil {
		return after, false, err
	}
	if err := s.loadLibrary(ctx, tx, c.wishes, shelf); err != nil {
		return after, false, err
	}
	after = j.progress
	var errs, warnings []rowError
	for _, w := range c.wishes {
		result, found := shelf.apply(w)
		switch result {
		case wishCreated:
			after.created++
		case wishUpdated:
			after.updated++
		case wishUnchanged:
			after.unchanged++
		case wishFailed:
			after.failed++
			errs = append(errs, found...)
			stopped = j.stopOnError
		}
		if result != wishFailed {
			warnings = append(warnings, found...)
		}
		after.done += w.rows
		if stopped {
			break
		}
	}
	if !stopped {
		after.done, after.inputAt, after.inputRow = j.done+c.rows, c.at, c.row
	}
	for _, list := range [][]rowError{errs, warnings} {
		slices.SortStableFunc(list, func(a, b rowError) int { return int(a.row - b.row) })
	}
	if j.dryRun {
		insertSeen(&tx.Writes, j.id, shelf)
	} else if err := s.saveShelf(ctx, tx, shelf); err != nil {
		return after, false, err
	}
	insertPictures(&tx.Writes, j.id, shelf.wanted, shelf.at)
	insertJobErrors(&tx.Writes, j.id, false, j.errors, errs)
	insertJobErrors(&tx.Writes, j.id, true, j.warnings, warnings)
	after.errors, after.warnings = after.errors+int64(len(errs)), after.warnings+int64(len(warnings))
	saveProgress(&tx.Writes, j, s.worker, after, s.time())
	if stopped {
		err = finishJob(ctx, &tx.Writes, j.ended(failed, s.time(), ErrJobStopped), s.worker)
	}
	return after, stopped, err
}

// pictures asks the media room which pictures of a chunk are this shop's, by address and by id. It is asked before the
// transaction: nothing is locked meanwhile.
func (s *Service) pictures(ctx context.Context, wishes []*wish) (map[string]link, error) {
	out := map[string]link{}
	if s.media == nil {
		return out, nil
	}
	shop, _ := tenant.From(ctx)
	var ids, sums []string
	for _, w := range wishes {
		for _, want := range w.pictures {
			if !want.media.IsZero() {
				ids = append(ids, want.media.String())
			} else if sum, ok := mediaSum(want.url, shop); ok {
				sums = append(sums, sum)
			}
		}
	}
	slices.Sort(ids)
	slices.Sort(sums)
	for part := range slices.Chunk(slices.Compact(ids), mediaPage) {
		if err := s.describe(ctx, &mediav1.ListAssetsRequest{Ids: part}, out); err != nil {
			return nil, err
		}
	}
	for part := range slices.Chunk(slices.Compact(sums), mediaPage) {
		if err := s.describe(ctx, &mediav1.ListAssetsRequest{Sha256: part}, out); err != nil {
			return nil, err
		}
	}
	return out, s.foreignPictures(ctx, wishes, out)
}

func (s *Service) describe(ctx context.Context, req *mediav1.ListAssetsRequest, into map[string]link) error {
	answer, err := s.media.ListAssets(ctx, req)
	if err != nil {
		return err
	}
	for _, a := range answer.GetAssets() {
		l, err := linkFromAsset(a)
		if err != nil {
			return err
		}
		into[a.GetId()], into[mediaPath(a.GetUrl())] = l, l
	}
	return nil
}

// shownNow are the pictures of a chunk as they are now, without those that are being deleted, until the transaction ends.
func shownNow(ctx context.Context, tx *pg.Tx, pictures map[string]link) (map[string]image, error) {
	out := make(map[string]image, len(pictures))
	if len(pictures) == 0 {
		return out, nil
	}
	var which []id.ID
	for _, l := range pictures {
		which = append(which, l.id)
	}
	retired, copies, err := shareMedia(ctx, tx, which)
	if err != nil {
		return nil, err
	}
	for name, l := range pictures {
		if retired[l.id] {
			continue
		}
		if err := l.follow(copies[l.id]); err != nil {
			return nil, err
		}
		out[name] = l.image
	}
	return out, nil
}

// mediaSum is the SHA-256 in the address of a picture of a shop: /media/SHOP/SHA256.EXTENSION.
func mediaSum(url string, shop id.ID) (string, bool) {
	rest, ok := strings.CutPrefix(mediaPath(url), "/media/"+shop.String()+"/")
	sum, _, _ := strings.Cut(rest, ".")
	return sum, ok && len(sum) == 64 && strings.Trim(sum, "0123456789abcdef") == ""
}
