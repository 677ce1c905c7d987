package main

import (
	"fmt"
	"os"
)

type configCmd struct {
	Print configPrintCmd `cmd:"" help:"Every setting, its value and where it came from."`
	Diff  configDiffCmd  `cmd:"" help:"Only what differs from the default."`
	Check configCheckCmd `cmd:"" help:"Say whether the configuration is right."`
}

type configPrintCmd struct{ configFlags }

// Run shows the settings also when some of them are wrong.
func (c *configPrintCmd) Run() error {
	_, report, err := c.load()
	if printErr := report.Print(os.Stdout); printErr != nil {
		return printErr
	}
	return err
}

type configDiffCmd struct{ configFlags }

// Run shows the settings also when some of them are wrong.
func (c *configDiffCmd) Run() error {
	_, report, err := c.load()
	if printErr := report.Diff(os.Stdout); printErr != nil {
		return printErr
	}
	return err
}

type configCheckCmd struct{ configFlags }

// Run names every problem at once.
func (c *configCheckCmd) Run() error {
	if _, _, err := c.load(); err != nil {
		return err
	}
	fmt.Println("The configuration is right.")
	return nil
}
