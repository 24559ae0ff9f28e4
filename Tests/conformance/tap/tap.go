// Package tap writes the Test Anything Protocol, version 13, with the names that the validation programs call.
// The library they were written for is not packaged by Debian; these are the calls in use, no more.
package tap

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
)

// T counts the points of one program.
type T struct {
	count  int
	todo   bool
	Writer io.Writer
}

// New returns a T that writes to standard output.
func New() *T { return &T{Writer: os.Stdout} }

// Header writes the version and, when it is known beforehand, the plan.
func (t *T) Header(count int) {
	fmt.Fprintln(t.Writer, "TAP version 13")
	if count > 0 {
		fmt.Fprintf(t.Writer, "1..%d\n", count)
	}
}

// Ok writes one point.
func (t *T) Ok(passed bool, description string) {
	t.count++
	word, directive := "ok", ""
	if !passed {
		word = "not ok"
	}
	if t.todo {
		directive = " # TODO"
	}
	fmt.Fprintf(t.Writer, "%s %d - %s%s\n", word, t.count, description, directive)
}

// Pass writes a point that holds.
func (t *T) Pass(description string) { t.Ok(true, description) }

// Fail writes a point that does not hold.
func (t *T) Fail(description string) { t.Ok(false, description) }

// Skip writes count points that were not tried.
func (t *T) Skip(count int, description string) {
	for i := 0; i < count; i++ {
		t.count++
		fmt.Fprintf(t.Writer, "ok %d # SKIP %s\n", t.count, description)
	}
}

// Todo returns a T whose points may fail.
func (t *T) Todo() *T {
	todo := *t
	todo.todo = true
	return &todo
}

// AutoPlan writes the plan after the points.
func (t *T) AutoPlan() { fmt.Fprintf(t.Writer, "1..%d\n", t.count) }

// Diagnostic writes a comment.
func (t *T) Diagnostic(message string) { fmt.Fprintf(t.Writer, "# %s\n", message) }

// Diagnosticf writes a formatted comment.
func (t *T) Diagnosticf(format string, values ...interface{}) { t.Diagnostic(fmt.Sprintf(format, values...)) }

// YAML writes a block about the point before it; JSON is YAML.
func (t *T) YAML(value interface{}) error {
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(t.Writer, "  ---\n  %s\n  ...\n", text)
	return err
}
