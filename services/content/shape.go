package content

import "strings"

// What a body may ask of the reader of Markdown. Some texts take it time that grows with the square of their length, or much more
// memory than they have letters. These bounds are far above what people write, and keep the work for any body to a fraction
// of a second.
const (
	maxDepth   = 100         // lists and quotations within each other
	maxLines   = 10_000      // without an empty one between them
	maxCells   = 50_000      // of tables
	maxPipes   = 1_000       // that are escaped, which tables look for again and again
	maxMarkers = 300_000_000 // brackets and signs of emphasis, times the bytes they may have to be looked for in
)

// checkShape refuses a body that is out of bounds. It looks at runs of lines between empty ones: no paragraph, heading or table
// reaches from one into another. Lines end in \n.
func checkShape(body string) error {
	var all, run shape
	end := func() error {
		all.cells += run.lines * run.pipes
		all.work += run.markers * run.bytes
		switch {
		case run.lines > maxLines:
			return tooComplex("More than 10 000 lines follow each other without an empty one.")
		case all.cells > maxCells:
			return tooComplex("It has a table of more than 50 000 cells.")
		case all.work > maxMarkers:
			return tooComplex("It has too many brackets or signs of emphasis in one paragraph.")
		}
		run = shape{}
		return nil
	}
	if strings.Count(body, `\|`) > maxPipes {
		return tooComplex("It has more than 1 000 escaped bars.")
	}
	for line := range strings.SplitSeq(body, "\n") {
		if strings.TrimLeft(line, " \t") == "" {
			if err := end(); err != nil {
				return err
			}
			continue
		}
		depth, rest := containers(line)
		if depth > maxDepth {
			return tooComplex("Lists or quotations stand within each other more than 100 levels deep.")
		}
		run.lines++
		run.bytes += len(line) + 1
		run.pipes = max(run.pipes, strings.Count(line, "|"))
		for i := range len(rest) {
			switch rest[i] {
			case '[', ']', '*', '_':
				run.markers++
			}
		}
	}
	return end()
}

type shape struct{ lines, bytes, pipes, markers, cells, work int }

// containers is in how many lists and quotations what stands on a line may be at most, and the line behind their signs. What
// belongs to a list is indented by two columns or more for each.
func containers(line string) (depth int, rest string) {
	columns, signs := 0, 0
	for line != "" {
		switch {
		case line[0] == ' ':
			columns++
		case line[0] == '\t':
			columns += 4
		case line[0] == '>':
			signs++
		default:
			n := listSign(line)
			if n == 0 {
				return depth, line
			}
			signs++
			line = line[n-1:]
		}
		line = line[1:]
		if signs > 0 {
			depth = signs + columns/2
		}
	}
	return depth, line
}

// listSign is how long the sign of a list item is that a line begins with; 0 without any.
func listSign(line string) int {
	n := 1
	switch line[0] {
	case '-', '+', '*':
	case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		for n < len(line) && line[n] >= '0' && line[n] <= '9' {
			n++
		}
		if n > 9 || n == len(line) || line[n] != '.' && line[n] != ')' {
			return 0
		}
		n++
	default:
		return 0
	}
	if n < len(line) && line[n] != ' ' && line[n] != '\t' {
		return 0
	}
	return n
}
