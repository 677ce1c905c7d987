package main

import (
	"context"
	"os"

	"github.com/sovecom/sovecom/services/media/picture"
)

// picturesCmd is what the media room starts to work on pictures: a process that may take much memory, or crash, and takes
// nobody along.
type picturesCmd struct{}

// answersFD is the file descriptor answers are written to. Standard output is for whatever else wants to be said.
const answersFD = 3

// Run answers requests until there are no more.
func (picturesCmd) Run(context.Context) error {
	return picture.Work(os.Stdin, os.NewFile(answersFD, "answers"))
}

// picturesCommand is how the media room starts this program so.
func picturesCommand() []string {
	self, err := os.Executable()
	if err != nil {
		self = os.Args[0]
	}
	return []string{self, "pictures"}
}
