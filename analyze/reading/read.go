package reading

import (
	"bytes"
	"slices"

	"wolfdiag/analyze/speaker"
)

// Read reads a complaint. It reports false when no rule fits: then the words
// say too little, or nothing that concerns a session.
func Read(c *Complaint) (Reading, bool) {
	text := c.Text
	if len(text) > maxRead {
		text = text[:maxRead]
	}
	if quotes(text) || probes(c.Function) || c.Speaker == speaker.Kernel && board(text) {
		return Reading{}, false
	}
	if d, told, _ := ended(text); told {
		by := c.Speaker
		if d.Program == "" && ofDesktop(text) { // "(EE) Caught signal 11 (Segmentation fault). Server aborting"
			by = speaker.AppCompositor
		}
		rule := d.rule(by)
		if rule < 0 {
			return Reading{}, false
		}
		return Reading{Rule: rule, Second: -1, Reason: d.Reason, Name: d.Program}, true
	}
	s := scanner{text: text, x: vocabulary()}
	s.scan()
	var f finding
	rule := f.rule(&s, c)
	var out Reading
	if rule >= 0 {
		out = f.reading(&s, rule, c.Speaker)
	}
	if s.count {
		for _, zero := range [...]bool{true, false} {
			s.again(zero)
			var other finding
			out.Counts = out.Counts || other.rule(&s, c) != rule
		}
	}
	return out, rule >= 0
}

// rule reads a complaint and returns the rule that fits, −1 when none does.
func (f *finding) rule(s *scanner, c *Complaint) int {
	f.objects.add(NoObject) // every complaint meets rules that ask for no object, or for no reason
	f.reasons = 1 << NoReason
	f.read(s)
	f.codes(s, c)
	if f.soft || f.critical && c.Speaker != speaker.Wolf && c.Speaker != speaker.Unknown {
		return -1
	}
	if c.Speaker == speaker.Init && f.reasons.Has(Missing) && hasEnd(s.text, ": not found", ": command not found") {
		f.objects.add(Command)
	}
	for i, list := 0, rules(); i < len(list); i++ {
		if list[i].fits(f.reasons, f.objects, c.Speaker) {
			return i
		}
	}
	return -1
}

// ofDesktop reports whether a text names a desktop, a part of one or an X server.
func ofDesktop(text []byte) bool {
	s := scanner{text: text, x: vocabulary()}
	s.scan()
	var f finding
	f.read(&s)
	return f.objects.Has(Desktop) || f.objects.Has(XDisplay)
}

// second is the next rule that fits after the one that was chosen and that
// speaks for causes of which the first knows none: what the complaint may mean
// as well. It is -1 when there is none, or when the first speaks for nothing.
func (f *finding) second(rule int, by speaker.Class) int {
	list := rules()
	first := list[rule].Causes
	if len(first) == 0 {
		return -1
	}
	for i := rule + 1; i < len(list); i++ {
		if r := &list[i]; len(r.Causes) > 0 && !shared(first, r.Causes[0].Cause) && r.fits(f.reasons, f.objects, by) {
			return i
		}
	}
	return -1
}

func shared(links []Link, cause string) bool {
	return slices.ContainsFunc(links, func(l Link) bool { return l.Cause == cause })
}

// reading fills in a Reading for the rule that fits.
func (f *finding) reading(s *scanner, rule int, by speaker.Class) Reading {
	r := &rules()[rule]
	out := Reading{Rule: rule, Second: f.second(rule, by)}
	for x := numReasons - 1; x > Failed; x-- {
		if f.reasons.Has(x) && r.Reasons.Has(x) {
			out.Reason = x
			break
		}
	}
	if out.Reason == NoReason && f.reasons.Has(Failed) {
		out.Reason = Failed
	}
	for o := Object(1); o < numObjects; o++ {
		if !f.objects.Has(o) || !r.Objects.Has(o) {
			continue
		}
		if out.Object == NoObject {
			out.Object = o
		}
		if t := f.name[o]; t.to > 0 {
			out.Object, out.Name = o, string(s.text[t.from:t.to])
			break
		}
	}
	if f.verb != 0 {
		out.Operation = s.x.verb[f.verb]
	}
	if f.code.to > 0 {
		out.Code = string(s.text[f.code.from:f.code.to])
	}
	return out
}

// quotes reports whether a text tells of words instead of saying them.
func quotes(text []byte) bool {
	if hasFront(text, "Starting ", "Started ", "Stopping ", "Stopped ", "Reached target", "Listening on ") && hasEnd(text, ".") && !has(text, "ail") { // systemd's jobs
		return true
	}
	return hasFront(text, "+ ", "++ ") || option(text) || has(text, "permissive=1") || hasFront(text, "GET /", "POST /", "PUT /", "DELETE /") && !has(text, ": ")
}

// option reports whether a text is a line of a program's help, which describes an
// option: "  --no-auth    Don't require authentication".
func option(text []byte) bool {
	b := bytes.TrimLeft(text, " \t")
	return len(b) > 2 && len(b) < len(text) && b[0] == '-' && (letter(b[1]) || b[1] == '-' && letter(b[2]))
}

// probes reports whether a function is where GStreamer's plugins look what there
// is on this machine: what they do not find is left out of the registry.
func probes(function []byte) bool { return string(function) == "plugin_init" }

// boards are how the kernel begins what it says of a board and its firmware, and
// of parts that have no place in a stream.
var boards = []string{"EDAC ", "ACPI", "RETBleed", "MDS:", "Spectre", "MMIO Stale", "tpm", "usb ", "hid-", "pci ", "pcieport ", "PCI:", "x86/", "microcode", "Bluetooth:",
	"cfg80211", "iwlwifi", "thunderbolt", "snd_", "ata", "thermal", "hpet", "clocksource", "mce:", "ucsi"}

// board reports whether a line of the kernel is about the board it runs on: no
// session depends on what is wanting there.
func board(text []byte) bool { return hasFront(text, boards...) && !has(text, "Out of memory") }
