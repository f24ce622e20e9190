package dump_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wolfdiag/dump"
)

func TestTracesTmp(t *testing.T) {
	files, _ := filepath.Glob("../testdata/traces/*.txt")
	for _, f := range files {
		b, _ := os.ReadFile(f)
		all := dump.ParsePrintedAll(string(b))
		fmt.Printf("== %s: %d\n", filepath.Base(f), len(all))
		for _, tr := range all {
			s := dump.SignatureOfTrace(&tr)
			n := tr.Notes
			fmt.Printf("   %s %s frames=%d prog=%q pid=%d unit=%q thread=%q sig=%q exc=%q msg=%q fault=%v time=%v hdr=%q others=%d warn=%v\n      SIG %s\n", tr.Format, tr.Status, len(tr.Frames), n.Program, n.PID, n.Unit, n.Thread, n.Signal, n.Exception, n.Message, n.Fault != nil, n.Time, tr.Header, len(tr.Threads), tr.Warnings, s.Top)
			for i, fr := range tr.Frames {
				if i < 5 {
					fmt.Printf("        %s | %s | %s:%d | %s +%x\n", fr.Role, strings.TrimSpace(fr.Function), fr.File, fr.Line, fr.Module, fr.Object)
				}
			}
		}
	}
}
