// Package arch holds no code, only one test: the rules that keep the house in shape, each with its reason. They are
// about who may import whom, which library stays in which room, and what no package may do (state of its own, a clock
// of its own, a context out of nothing).
//
// The test reads source files, so it needs neither a build nor a network and runs in a second. imports_test.go holds
// the tables to edit when a room or a library joins; examples_test.go proves that every rule can fail.
package arch
