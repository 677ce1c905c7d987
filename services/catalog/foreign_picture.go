package catalog

import (
	"errors"
	"strings"
	"time"

	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/kit/id"
)

const (
	// pictureFetchers is how many pictures one process waits for at a time.
	pictureFetchers = 4
	// pictureTime is how long one may take to be fetched and looked at.
	pictureTime = 2 * time.Minute
	// pictureLease is longer than a try, so that nobody else begins meanwhile.
	pictureLease = pictureTime + time.Minute
)

type pictureStatus string

const (
	pictureWaiting pictureStatus = "waiting"
	pictureDone    pictureStatus = "done"
	pictureFailed  pictureStatus = "failed"
)

// foreignPicture is a picture at a foreign address that a product of an import shall have.
type foreignPicture struct {
	id       id.ID
	tenant   id.ID
	job      id.ID
	product  id.ID
	row      int64
	url      string
	alt      *string
	position int32
	variants []id.ID // that it will show
	status   pictureStatus
	attempts int32
	code     string
	message  string
}

// isForeign reports whether a text names a picture that could be fetched. What else stands there is no picture of anybody's.
func isForeign(text string) bool {
	low := strings.ToLower(text[:min(len(text), len("https://"))])
	return (strings.HasPrefix(low, "https://") || strings.HasPrefix(low, "http://")) && len(text) <= maxPictureURL
}

const maxPictureURL = 2048

// pictureWaits is how long is waited after the first, second, … failure that may pass.
func pictureWaits() []time.Duration {
	return []time.Duration{5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, time.Hour}
}

// judge decides what becomes of a picture after a try that failed: another one later, or none.
func (f foreignPicture) judge(err error, now time.Time) (out foreignPicture, again *time.Time) {
	out = f
	said := fault.From(err)
	out.code, out.message = said.Code(), said.Message()
	for _, field := range said.Fields() {
		out.message = field.Message // what exactly is wrong with the address
	}
	waits := pictureWaits()
	// An asset that is being deleted is fetched anew once it is gone.
	if (passes(said.Kind()) || errors.Is(err, ErrMediaGone)) && int(f.attempts) <= len(waits) {
		at := now.Add(waits[max(f.attempts, 1)-1])
		return out, &at
	}
	out.status = pictureFailed
	return out, nil
}

// passes reports whether a failure of this kind may be over by itself.
func passes(k fault.Kind) bool {
	return k == fault.KindUnavailable || k == fault.KindInternal || k == fault.KindRateLimited || k == fault.KindDeadline
}

// insertImage shows a picture at a position, or leaves the product as it is when it shows it already.
func (p *product) insertImage(img image, position int32) error {
	if p.shows(img.id) {
		return nil
	}
	if len(p.images) >= maxImages {
		return ErrTooMany.WithField("images", "too_many", "A product has at most 100 pictures.")
	}
	at := min(int(position), len(p.images))
	images := append([]image{}, p.images[:at]...)
	p.images = append(append(images, img), p.images[at:]...)
	return nil
}

// errPictureGone says that the product, or the job, is no longer there.
var errPictureGone = errors.New("catalog: nobody waits for the picture any more")
