package snapshot

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"wolfdiag/analyze/setup"
)

// A node is a line of `nvidia-smi -q`, or an element of `nvidia-smi -q -x`: both
// print the same tree under names that differ in case and blanks, and in some
// cases more (see alias).
type node struct {
	key   string // fb_memory_usage
	value string
	line  int
	kids  []*node
}

// alias brings the keys of the text form to those of the XML form
// (nvidia-smi of driver 580.159.04; nvsmi_device_v13.dtd).
var alias = map[string]string{
	"active_sessions": "session_count", "gpu_current_temp": "gpu_temp", "pending_page_blacklist": "pending_blacklist",
	"remapping_failure_occurred": "remapped_row_failure", "uncorrectable_error": "remapped_row_unc", "process_id": "pid", "name": "process_name",
	"used_gpu_memory": "used_memory", "bus_id": "pci_bus_id",
}

// key is the name of a line or element as it is looked for.
func key(s string) string {
	s = strings.ReplaceAll(strings.ToLower(strings.TrimSpace(s)), " ", "_")
	if a := alias[s]; a != "" {
		return a
	}
	return s
}

// at returns the first node below n along keys, nil when there is none.
func (n *node) at(keys ...string) *node {
	for _, k := range keys {
		var found *node
		if n != nil {
			for _, kid := range n.kids {
				if kid.key == k {
					found = kid
					break
				}
			}
		}
		n = found
	}
	return n
}

// text is a node's value, "" when there is none or the tool has none.
func (n *node) text() string {
	if n == nil || n.value == "N/A" || n.value == "None" || strings.HasPrefix(n.value, "[") {
		return ""
	}
	return n.value
}

func isNvidiaQuery(lines []string) bool {
	return strings.Contains(lines[0], "NVSMI LOG") || len(lines) > 1 && strings.Contains(lines[1], "NVSMI LOG")
}

func isNvidiaXML(s *sample) bool { return bytes.Contains(s.head, []byte("<nvidia_smi_log")) }

// nvidiaQuery reads the text form. Its depth is told by the blanks before a key:
//
//	GPU 00000000:00:06.0
//	    FB Memory Usage
//	        Total                                          : 143771 MiB
func (s *Snapshot) nvidiaQuery(data []byte) error {
	root := &node{}
	type open struct {
		depth int
		n     *node
	}
	stack := []open{{-1, root}}
	eachRaw(data, func(n int, line string) {
		t := strings.TrimSpace(line)
		if strings.HasPrefix(t, "===") || strings.HasPrefix(t, "```") {
			return
		}
		depth := len(line) - len(strings.TrimLeft(line, " \t"))
		for depth <= stack[len(stack)-1].depth {
			stack = stack[:len(stack)-1]
		}
		name, value, _ := strings.Cut(t, " :")
		k := &node{key: key(name), value: strings.TrimSpace(value), line: n}
		if bus, ok := strings.CutPrefix(t, "GPU "); ok && strings.Contains(bus, ":") && depth == 0 {
			k.key, k.value = "gpu", bus
		}
		up := stack[len(stack)-1].n
		up.kids = append(up.kids, k)
		stack = append(stack, open{depth, k})
	})
	return s.nvidiaTree(root)
}

// nvidiaXML reads the XML form, to where it is cut off.
func (s *Snapshot) nvidiaXML(data []byte) error {
	start := max(bytes.Index(data, []byte("<nvidia_smi_log")), 0)
	dec := xml.NewDecoder(bytes.NewReader(data[start:]))
	dec.Strict = false
	line := 1 + bytes.Count(data[:start], []byte("\n"))
	seen := int64(0)
	root := &node{}
	stack := []*node{root}
	var bad error
	for {
		t, err := dec.Token()
		if err != nil {
			if !errors.Is(err, io.EOF) {
				bad = fmt.Errorf("is no valid XML from line %d on: %w", line, err)
			}
			break
		}
		off := dec.InputOffset()
		line += bytes.Count(data[start+int(seen):start+int(off)], []byte("\n"))
		seen = off
		switch t := t.(type) {
		case xml.StartElement:
			n := &node{key: t.Name.Local, line: line}
			for _, a := range t.Attr {
				if a.Name.Local == "id" {
					n.value = a.Value
				}
			}
			up := stack[len(stack)-1]
			up.kids = append(up.kids, n)
			stack = append(stack, n)
		case xml.EndElement:
			if len(stack) > 1 {
				stack = stack[:len(stack)-1]
			}
		case xml.CharData:
			if v := strings.TrimSpace(string(t)); v != "" && len(stack) > 1 {
				stack[len(stack)-1].value = v
			}
		}
		if len(stack) > 64 {
			bad = fmt.Errorf("line %d: nested too deeply", line)
			break
		}
	}
	if err := s.nvidiaTree(root.at("nvidia_smi_log")); err != nil {
		return errors.Join(err, bad)
	}
	if bad != nil {
		s.Warnings = append(s.Warnings, bad.Error()+"; what was whole before is used")
	}
	return nil
}

// nvidiaTree tells what either form says.
func (s *Snapshot) nvidiaTree(root *node) error {
	if root == nil {
		return fmt.Errorf("expected the output of nvidia-smi -q")
	}
	if d := root.at("driver_version"); d.text() != "" {
		s.says(d.line, setup.AboutVersion, setup.ComponentDriver, d.text())
	}
	at, _ := time.Parse("Mon Jan _2 15:04:05 2006", root.at("timestamp").text())
	var holders []holder
	gpus := 0
	for _, g := range root.kids {
		if g.key != "gpu" {
			continue
		}
		if gpus++; gpus == 1 { // the first GPU is the one that is followed
			s.usage(g, at)
		}
		if name := g.at("product_name"); name.text() != "" {
			s.board(name.line, name.text(), g.value)
		}
		s.health(g)
		for _, p := range processes(g) {
			s.held(&holders, p.at("process_name").text(), number([]string{p.at("used_memory").text()}, 0), p.line)
		}
	}
	s.heldBy(holders)
	s.Facts = append(s.Facts, s.Series(nil)...)
	if gpus == 0 {
		return fmt.Errorf("expected a section GPU 00000000:01:00.0")
	}
	return nil
}

// usage keeps a GPU's memory and encoder sessions as readings.
func (s *Snapshot) usage(g *node, at time.Time) {
	mem := g.at("fb_memory_usage")
	figure := func(n *node) float64 { return number([]string{n.text()}, 0) }
	if u := mem.at("used"); u != nil {
		if m := (Memory{Time: at, Used: figure(u), Total: figure(mem.at("total")), Line: u.line}); m.usable() {
			s.Memory = append(s.Memory, m)
		}
	}
	if n := g.at("encoder_stats", "session_count"); n != nil {
		if v := figure(n); v >= 0 && v < maxEncoders {
			s.Encoders = append(s.Encoders, Encoders{Time: at, Line: n.line, Open: int(v)})
		}
	}
}

// health tells what a GPU says of its own state.
func (s *Snapshot) health(g *node) {
	if r := g.at("gpu_recovery_action"); r.text() != "" {
		id := ""
		if strings.Contains(strings.ToLower(r.value), "reset") || strings.Contains(strings.ToLower(r.value), "reboot") {
			id = "fact-gpu-needs-reset"
		}
		s.fact(r.line, id, "the driver asks for a recovery of the GPU: "+r.text(), "restarting Wolf does not recover it")
	}
	if r := g.at("gpu_reset_status", "reset_required"); r.text() == "Yes" {
		s.fact(r.line, "fact-gpu-needs-reset", "the GPU must be reset", "restarting Wolf does not recover it")
	}
	for _, x := range []struct {
		path []string
		bad  func(string) bool
		text string
	}{
		{[]string{"remapped_rows", "pending"}, isYes, "rows of GPU memory wait to be remapped at the next reset"},
		{[]string{"remapped_rows", "remapped_row_pending"}, isYes, "rows of GPU memory wait to be remapped at the next reset"},
		{[]string{"remapped_rows", "remapped_row_failure"}, isYes, "the GPU could not remap rows of its memory"},
		{[]string{"remapped_rows", "remapped_row_unc"}, isCount, "rows of GPU memory were remapped for uncorrectable errors"},
		{[]string{"retired_pages", "pending_blacklist"}, isYes, "pages of GPU memory wait to be retired"},
		{[]string{"ecc_errors", "volatile", "dram_uncorrectable"}, isCount, "uncorrectable memory errors since the driver was loaded"},
		{[]string{"ecc_errors", "unrepairable_memory"}, isYes, "the GPU has memory that cannot be repaired"},
	} {
		if n := g.at(x.path...); x.bad(n.text()) {
			s.fact(n.line, "fact-gpu-memory-errors", fmt.Sprintf("%s (%s)", x.text, n.text()), "the GPU's memory is failing: supports gpu-hardware").Lasting = true
		}
	}
	for _, k := range []string{"clocks_event_reasons", "clocks_throttle_reasons"} {
		reasons := g.at(k)
		if reasons == nil {
			continue
		}
		for _, r := range reasons.kids {
			if strings.Contains(r.key, "thermal") && r.text() == "Active" {
				s.fact(r.line, "", "the GPU slows down for its temperature: "+cmpText(g.at("temperature", "gpu_temp")), "frames come late; it explains no error")
				return
			}
		}
	}
}

func cmpText(n *node) string {
	if t := n.text(); t != "" {
		return t
	}
	return "unknown"
}

func isYes(s string) bool { return s == "Yes" }
func isCount(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == "" && strings.Trim(s, "0") != ""
}

// processes are the nodes that describe a process each: elements of their own in
// XML, runs of lines that begin with Process ID in the text.
func processes(g *node) []*node {
	list := g.at("processes")
	if list == nil {
		return nil
	}
	var out []*node
	for _, k := range list.kids {
		switch {
		case k.key == "process_info":
			out = append(out, k)
		case k.key == "pid" && len(k.kids) > 0:
			out = append(out, k)
		}
	}
	return out
}
