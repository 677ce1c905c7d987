// Package purego stands in for the library of that name, which loads C libraries of the machine a program runs on. The
// encoders of pictures would use it to prefer such a library over what they bring along: the same upload would come out
// differently on two machines, and the binary would not be static. Here there is never a library to load.
package purego

import "errors"

// How a library would be loaded.
const (
	RTLD_NOW    = 0
	RTLD_GLOBAL = 0
)

var errNone = errors.New("purego: this program loads no libraries")

// Dlopen finds no library.
func Dlopen(string, int) (uintptr, error) { return 0, errNone }

// RegisterLibFunc is not called, because no library is found.
func RegisterLibFunc(any, uintptr, string) {}

// NewCallback is not called, because no library is found.
func NewCallback(any) uintptr { return 0 }
