package media

import (
	"fmt"
	"os"
	"testing"

	"github.com/sovecom/sovecom/kit/pgtest"
	"github.com/sovecom/sovecom/services/media/picture"
)

// picturesArg makes the test binary what the room starts to work on pictures.
const picturesArg = "work-on-pictures"

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == picturesArg {
		if err := picture.Work(os.Stdin, os.NewFile(3, "answers")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	pgtest.Main(m)
}
