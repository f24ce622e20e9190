package patterns

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"wolfdiag/patterns/lineformat"
)

var (
	roleNames     = []string{string(RoleCause), string(RoleSymptom), string(RoleBenign), string(RoleLifecycle)}
	levelNames    = []string{"", "trace", "debug", "info", "warning", "error", "fatal", "panic"}
	severityNames = []string{"", "fatal", "error", "warning", "info"}
	restartNames  = []string{"", "yes", "no", "sometimes"}
	growsNames    = []string{"", "sessions", "uptime", "no"}
	stopsNames    = []string{"", "session"}
	vendorNames   = []string{"amd", "intel", "nvidia"}
	phaseNames    = []string{"start", "setup", "streaming", "teardown", "idle", "shutdown"}
	speakerNames  = []string{"wolf", "compositor", "app", "app-compositor", "pulse", "init", "runtime", "kernel", "host", "client", "foreign"}
)

// formatNames are the names that Pattern.Formats and Subject.Format may take;
// the position of a name is its bit in a mask.
var formatNames = lineformat.Names()

// compile makes the regex of a pattern: multi-line mode, unanchored.
func compile(expr string) (*regexp.Regexp, error) {
	re, err := regexp.Compile("(?m)" + expr)
	if err != nil {
		if _, own := regexp.Compile(expr); own != nil {
			err = own // quotes what stands in the file
		}
		return nil, fmt.Errorf("want an RE2 regex: %w", err)
	}
	return re, nil
}

func (b *builder) oneOf(kind, id, fieldName, got string, want []string) {
	if !slices.Contains(want, got) {
		b.at(kind, id, fieldName, "is %q, want one of %s", got, quoteList(want))
	}
}

func quoteList(names []string) string {
	shown := make([]string, 0, len(names))
	for _, n := range names {
		if n != "" {
			shown = append(shown, n)
		}
	}
	return strings.Join(shown, ", ")
}

func (b *builder) required(kind, id string, fields map[string]string) {
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if strings.TrimSpace(fields[name]) == "" {
			b.at(kind, id, name, "missing")
		}
	}
}

// checkPattern validates one pattern and computes its literals and whether it
// does not look at the value of digits.
func (b *builder) checkPattern(p *Pattern) {
	const kind = "pattern"
	b.required(kind, p.ID, map[string]string{"title": p.Title, "role": string(p.Role), "regex": p.Regex, "why": p.Why})
	if p.Role != "" {
		b.oneOf(kind, p.ID, "role", string(p.Role), roleNames)
	}
	b.oneOf(kind, p.ID, "level", p.Level, levelNames)
	b.oneOf(kind, p.ID, "severity", p.Severity, severityNames)
	for i, f := range p.Formats {
		b.oneOf(kind, p.ID, fmt.Sprintf("formats[%d]", i), f, formatNames)
	}
	if (p.Role == RoleBenign) != (p.Unless != "") {
		b.at(kind, p.ID, "unless", "belongs to benign patterns, and every one of them needs it (\"never\" will do)")
	}
	if p.Event != "" {
		if _, ok := Events[p.Event]; !ok {
			b.at(kind, p.ID, "event", "is %q, want one of %s", p.Event, strings.Join(slices.Sorted(maps.Keys(Events)), ", "))
		} else if p.Role != RoleLifecycle {
			b.at(kind, p.ID, "event", "stands with role %s, want role lifecycle", p.Role)
		}
	}
	for i, id := range p.Also {
		if b.patterns[id] == nil {
			b.at(kind, p.ID, fmt.Sprintf("also[%d]", i), "names the pattern %q, which does not exist", id)
		}
	}
	b.checkInhibits(p)
	b.checkConditions(p)
	for name, expr := range map[string]string{"where": p.Where, "element": p.Element} {
		if _, err := regexp.Compile(expr); err != nil {
			b.at(kind, p.ID, name, "want an RE2 regex: %v", err)
		}
	}
	if p.Regex == "" {
		return
	}
	re, err := compile(p.Regex)
	if err != nil {
		b.at(kind, p.ID, "regex", "%v", err)
		return
	}
	if re.MatchString("") {
		b.at(kind, p.ID, "regex", "matches the empty text, want something that must be there")
	}
	b.checkSamples(p, re)
	b.checkCodes(p, re)
	if b.recompute[p.ID] {
		p.literals = extractLiterals(p.Regex)
		p.invariant = digitInvariant(p.Regex)
		p.need = needOf(p.Regex)
	}
}

// checkInhibits wants what a pattern resolves or excuses to be complaints, and
// the pattern itself to be none.
func (b *builder) checkInhibits(p *Pattern) {
	for name, ids := range map[string][]string{"resolves": p.Resolves, "excuses": p.Excuses} {
		if len(ids) > 0 && p.Role != RoleLifecycle && p.Role != RoleBenign {
			b.at("pattern", p.ID, name, "stands with role %s, want lifecycle or benign", p.Role)
		}
		for i, id := range ids {
			if q := b.patterns[id]; q == nil || q.Role != RoleCause && q.Role != RoleSymptom {
				b.at("pattern", p.ID, fmt.Sprintf("%s[%d]", name, i), "names %q, want a pattern of role cause or symptom", id)
			}
		}
	}
}

// checkConditions wants speakers, phases and patterns that exist, and conditions
// of complaints only.
func (b *builder) checkConditions(p *Pattern) {
	const kind = "pattern"
	each := func(name string, list, want []string) {
		for i, s := range list {
			b.oneOf(kind, p.ID, fmt.Sprintf("%s[%d]", name, i), s, want)
		}
	}
	each("speakers", p.Speakers, speakerNames)
	each("not_speakers", p.NotSpeakers, speakerNames)
	if len(p.Ordinary) > 0 && p.Role != RoleCause && p.Role != RoleSymptom {
		b.at(kind, p.ID, "ordinary", "stands with role %s, want cause or symptom", p.Role)
	}
	for i := range p.Ordinary {
		c := &p.Ordinary[i]
		name := fmt.Sprintf("ordinary[%d]", i)
		if c.Empty() || c.Why == "" {
			b.at(kind, p.ID, name, "needs a condition and a why")
		}
		each(name+".speakers", c.Speakers, speakerNames)
		each(name+".phases", c.Phases, phaseNames)
		for _, id := range c.Names() {
			if b.patterns[id] == nil {
				b.at(kind, p.ID, name, "names the pattern %q, which does not exist", id)
			}
		}
	}
}

func (b *builder) checkSamples(p *Pattern, re *regexp.Regexp) {
	for i, s := range p.Samples {
		if !re.MatchString(s) {
			b.at("pattern", p.ID, fmt.Sprintf("samples[%d]", i), "is not matched by the regex: %q", s)
		}
	}
	for i, s := range p.NearMisses {
		if re.MatchString(s) {
			b.at("pattern", p.ID, fmt.Sprintf("near_misses[%d]", i), "must not match and is matched by the regex: %q", s)
		}
	}
}

func (b *builder) checkCodes(p *Pattern, re *regexp.Regexp) {
	if p.Codes == "" {
		return
	}
	if re.SubexpIndex("code") < 0 {
		b.at("pattern", p.ID, "codes", "decodes the capture \"code\", and the regex has no group of that name")
	}
	if b.codes[p.Codes] == nil && len(b.codes) > 0 {
		b.at("pattern", p.ID, "codes", "is %q, want one of %s", p.Codes, strings.Join(slices.Sorted(maps.Keys(b.codes)), ", "))
	}
}

func (b *builder) checkCause(c *Cause) {
	const kind = "cause"
	b.required(kind, c.ID, map[string]string{"title": c.Title, "explanation": c.Explanation})
	b.oneOf(kind, c.ID, "restart", c.Restart, restartNames)
	b.oneOf(kind, c.ID, "grows", c.Grows, growsNames)
	b.oneOf(kind, c.ID, "stops", c.Stops, stopsNames)
	for i, v := range c.Vendors {
		b.oneOf(kind, c.ID, fmt.Sprintf("vendors[%d]", i), v, vendorNames)
	}
	if !(c.Prior > 0 && c.Prior < 1) {
		b.at(kind, c.ID, "prior", "is %v, want a probability above 0 and below 1", c.Prior)
	}
	b.checkLinks(c.ID, "evidence", c.Evidence)
	b.checkLinks(c.ID, "against", c.Against)
	for i, id := range c.Explains {
		if b.patterns[id] == nil && b.causes[id] == nil {
			b.at(kind, c.ID, fmt.Sprintf("explains[%d]", i), "names %q, which is neither a pattern nor a cause", id)
		}
	}
	for i, r := range c.Rivals {
		if b.causes[r.Cause] == nil {
			b.at(kind, c.ID, fmt.Sprintf("rivals[%d].cause", i), "names the cause %q, which does not exist", r.Cause)
		}
	}
	for i, x := range c.Confirm {
		if x.Command == "" {
			b.at(kind, c.ID, fmt.Sprintf("confirm[%d].command", i), "missing")
		}
	}
}

func (b *builder) checkLinks(id, fieldName string, links []Link) {
	seen := map[string]bool{}
	for i, l := range links {
		switch {
		case b.patterns[l.Pattern] != nil || isFact(l.Pattern):
		case strings.HasPrefix(l.Pattern, FactPrefix):
			b.at("cause", id, fmt.Sprintf("%s[%d].pattern", fieldName, i), "names the fact %q, want one of %s", l.Pattern, strings.Join(slices.Sorted(maps.Keys(Facts)), ", "))
		default:
			b.at("cause", id, fmt.Sprintf("%s[%d].pattern", fieldName, i), "names the pattern %q, which does not exist", l.Pattern)
		}
		if seen[l.Pattern] {
			b.at("cause", id, fmt.Sprintf("%s[%d].pattern", fieldName, i), "names %q a second time", l.Pattern)
		}
		seen[l.Pattern] = true
		if !(l.Strength > 0 && l.Strength <= 1) {
			b.at("cause", id, fmt.Sprintf("%s[%d].strength", fieldName, i), "is %v, want above 0 and at most 1", l.Strength)
		}
	}
}

func (b *builder) checkCrash(r *CrashRule) {
	const kind = "crash"
	b.required(kind, r.ID, map[string]string{"cause": r.Cause, "title": r.Title, "why": r.Why})
	if r.Cause != "" && b.causes[r.Cause] == nil && len(b.causes) > 0 {
		b.at(kind, r.ID, "cause", "names the cause %q, which does not exist", r.Cause)
	}
	if len(r.Frames)+len(r.Modules) == 0 {
		b.at(kind, r.ID, "frames", "missing, and there are no modules either")
	}
	ok := true
	for name, exprs := range map[string][]string{"frames": r.Frames, "modules": r.Modules} {
		for i, expr := range exprs {
			if re, err := regexp.Compile(expr); err != nil {
				b.at(kind, r.ID, fmt.Sprintf("%s[%d]", name, i), "want an RE2 regex: %v", err)
				ok = false
			} else if re.MatchString("") {
				b.at(kind, r.ID, fmt.Sprintf("%s[%d]", name, i), "matches the empty text, want something that must be there")
			}
		}
	}
	if !ok {
		return
	}
	cc := compileCrash(r)
	for i, s := range r.Samples {
		if !cc.matches(sampleFrames(s)) {
			b.at(kind, r.ID, fmt.Sprintf("samples[%d]", i), "is not matched by the rule")
		}
	}
	for i, s := range r.NearMisses {
		if cc.matches(sampleFrames(s)) {
			b.at(kind, r.ID, fmt.Sprintf("near_misses[%d]", i), "must not match and is matched by the rule")
		}
	}
}

// checkWording validates one wording.
func (b *builder) checkWording(w *Wording) {
	const kind = "wording"
	b.required(kind, w.ID, map[string]string{"text": w.Text})
	if len(w.In) == 0 {
		b.at(kind, w.ID, "in", "missing")
	}
	want := placesOf(w.Text)
	for i, in := range w.In {
		fieldName := fmt.Sprintf("in[%d]", i)
		places := placesOf(in)
		anchored := false
		eachAnchor(in, func(string) { anchored = true })
		switch {
		case in == w.Text:
			b.at(kind, w.ID, fieldName, "is the text itself")
		case places != want:
			b.at(kind, w.ID, fieldName, "has the places %q, want those of the text, %q, each once", places, want)
		case digitsOutside(in):
			b.at(kind, w.ID, fieldName, "holds digits outside its places")
		case strings.Contains(in, "\n"):
			b.at(kind, w.ID, fieldName, "has more than one line")
		case adjacentPlaces(in):
			b.at(kind, w.ID, fieldName, "has two places side by side, want text between them")
		case !anchored:
			b.at(kind, w.ID, fieldName, "is %q, want a word of three letters or more in it that no place touches", in)
		}
	}
}

// placesOf lists the places of a wording in rising order: "%1%2".
func placesOf(s string) string {
	var places []string
	for _, p := range wordingParts(s) {
		if p.place > 0 {
			places = append(places, fmt.Sprintf("%%%d", p.place))
		}
	}
	slices.Sort(places)
	return strings.Join(places, "")
}

func digitsOutside(s string) bool {
	return slices.ContainsFunc(wordingParts(s), func(p wordingPart) bool { return p.place == 0 && strings.ContainsAny(p.text, "0123456789") })
}

func adjacentPlaces(s string) bool {
	last := false
	for _, p := range wordingParts(s) {
		if last && p.place > 0 {
			return true
		}
		last = p.place > 0
	}
	return false
}

// checkOneMeaning refuses a text that two wordings take for different things.
func (b *builder) checkOneMeaning(wordings []*Wording) {
	first := map[string]*Wording{}
	for _, w := range wordings {
		for i, in := range w.In {
			if f := first[in]; f != nil && f.Text != w.Text {
				b.at("wording", w.ID, fmt.Sprintf("in[%d]", i), "is %q, which %s has as well, for another text", in, f.ID)
			} else if f == nil {
				first[in] = w
			}
		}
	}
}

// checkCycles refuses causes that explain each other in a circle.
func (b *builder) checkCycles() {
	const (
		open = 1
		done = 2
	)
	state := map[string]int{}
	var trail []string
	var visit func(id string)
	visit = func(id string) {
		c := b.causes[id]
		if c == nil || state[id] == done {
			return
		}
		if state[id] == open {
			i := slices.Index(trail, id)
			b.at("cause", id, "explains", "goes round in a circle: %s -> %s", strings.Join(trail[i:], " -> "), id)
			return
		}
		state[id] = open
		trail = append(trail, id)
		for _, next := range c.Explains {
			visit(next)
		}
		trail = trail[:len(trail)-1]
		state[id] = done
	}
	for _, id := range slices.Sorted(maps.Keys(b.causes)) {
		visit(id)
	}
}
