package media

import (
	"path"
	"regexp"
	"strconv"
	"strings"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/rendition"
	"github.com/sovecom/sovecom/services/media/picture"
)

// Names in the storage, which no sender chooses:
//
//	<tenant>/<first two of sha256>/<sha256>.<extension>          a picture
//	<tenant>/<first two of sha256>/<sha256>/<width>.<extension>  a rendition of it
//	private/<tenant>/<first two of sha256>/<sha256>              a private file
//	incoming/<tenant>/<id>                                       what was sent to a signed address and not yet taken in
const (
	privateFolder  = "private"
	incomingFolder = "incoming"
	healthFolder   = "health"
)

// key is the address of a picture's bytes, or of a rendition's.
type key struct {
	tenant    id.ID
	sha256    string // of the picture
	width     int    // of a rendition, in pixels; 0 is the picture itself
	extension string
}

var (
	masterName    = regexp.MustCompile(`^([0-9a-f]{64})\.([a-z]{3,4})$`)
	renditionName = regexp.MustCompile(`^([0-9a-f]{64})/([1-9][0-9]{0,5})\.([a-z]{3,4})$`)
	privateName   = regexp.MustCompile(`^[0-9a-f]{2}/([0-9a-f]{64})$`)
)

// parseKey reads "<tenant>/<sha256>.<extension>" or "<tenant>/<sha256>/<width>.<extension>"; whatever else it is given is
// no key.
func parseKey(text string) (key, bool) {
	owner, name, _ := strings.Cut(text, "/")
	t, err := id.Parse(owner)
	if err != nil {
		return key{}, false
	}
	k := key{tenant: t}
	if parts := masterName.FindStringSubmatch(name); parts != nil {
		k.sha256, k.extension = parts[1], parts[2]
	} else if parts := renditionName.FindStringSubmatch(name); parts != nil {
		k.sha256, k.extension = parts[1], parts[3]
		if k.width, err = strconv.Atoi(parts[2]); err != nil {
			return key{}, false
		}
	}
	_, known := picture.ContentType(k.extension)
	return k, known
}

// leaf is the key without its tenant.
func (k key) leaf() string {
	if k.width == 0 {
		return k.sha256 + "." + k.extension
	}
	return k.sha256 + "/" + strconv.Itoa(k.width) + "." + k.extension
}

func (k key) String() string { return k.tenant.String() + "/" + k.leaf() }

func (k key) url() string { return "/media/" + k.String() }

// name in the storage.
func (k key) name() string { return path.Join(k.tenant.String(), k.sha256[:2], k.leaf()) }

// rendition is the address of the picture in another size and format.
func (k key) rendition(width int, format string) key {
	return key{k.tenant, k.sha256, width, rendition.Extension(format)}
}

func privateObject(tenant id.ID, sha256 string) string {
	return path.Join(privateFolder, tenant.String(), sha256[:2], sha256)
}

func incomingObject(tenant, upload id.ID) string {
	return path.Join(incomingFolder, tenant.String(), upload.String())
}

// found is what a name in the storage stands for.
type found struct {
	tenant   id.ID
	sha256   string // empty for what is incoming
	incoming id.ID
	private  bool
}

// parseName understands the names that this room gives; others are left alone.
func parseName(name string) (found, bool) {
	first, rest, _ := strings.Cut(name, "/")
	second, last, _ := strings.Cut(rest, "/")
	switch first {
	case incomingFolder:
		t, err1 := id.Parse(second)
		upload, err2 := id.Parse(last)
		return found{tenant: t, incoming: upload}, err1 == nil && err2 == nil
	case privateFolder:
		t, err := id.Parse(second)
		parts := privateName.FindStringSubmatch(last)
		if err != nil || parts == nil {
			return found{}, false
		}
		return found{tenant: t, sha256: parts[1], private: true}, true
	}
	if len(second) != 2 {
		return found{}, false
	}
	k, ok := parseKey(first + "/" + last)
	return found{tenant: k.tenant, sha256: k.sha256}, ok && k.sha256[:2] == second
}
