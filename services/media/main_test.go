package media

import (
	"testing"

	"github.com/sovecom/sovecom/kit/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }
