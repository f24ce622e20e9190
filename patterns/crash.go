package patterns

import (
	"regexp"
	"strings"
)

// CrashFrame is one entry of a crash's trace. Function is empty when the frame
// has no symbol; then Module, the path of the object, is what a rule goes by.
type CrashFrame struct {
	Module   string
	Function string
}

type compiledCrash struct {
	rule    *CrashRule
	frames  []*regexp.Regexp
	modules []*regexp.Regexp
}

// CauseOfCrash finds the first rule that fits a trace given from the innermost
// frame outwards. Rules are tried by function names first; only when none fits
// are they tried by the modules of the frames without a symbol. It returns
// false when no rule fits. The first call compiles the rules; a call costs at
// most rules × frames regex matches.
func (c *Catalogue) CauseOfCrash(frames []CrashFrame) (*CrashRule, bool) {
	c.crashOnce.Do(func() {
		c.crashRe = make([]compiledCrash, len(c.crashes))
		for i, r := range c.crashes {
			c.crashRe[i] = compileCrash(r)
		}
	})
	for i := range c.crashRe {
		if c.crashRe[i].matchesFunctions(frames) {
			return c.crashRe[i].rule, true
		}
	}
	for i := range c.crashRe {
		if c.crashRe[i].matchesModules(frames) {
			return c.crashRe[i].rule, true
		}
	}
	return nil, false
}

// compileCrash leaves out what does not compile; validation has named it.
func compileCrash(r *CrashRule) compiledCrash {
	all := func(exprs []string) []*regexp.Regexp {
		out := make([]*regexp.Regexp, 0, len(exprs))
		for _, e := range exprs {
			if re, err := regexp.Compile(e); err == nil {
				out = append(out, re)
			}
		}
		return out
	}
	return compiledCrash{rule: r, frames: all(r.Frames), modules: all(r.Modules)}
}

func (c *compiledCrash) matches(frames []CrashFrame) bool {
	return c.matchesFunctions(frames) || c.matchesModules(frames)
}

func (c *compiledCrash) matchesFunctions(frames []CrashFrame) bool {
	return inOrder(c.frames, frames, func(f CrashFrame) string { return f.Function })
}

func (c *compiledCrash) matchesModules(frames []CrashFrame) bool {
	return inOrder(c.modules, frames, func(f CrashFrame) string {
		if f.Function != "" {
			return ""
		}
		return f.Module
	})
}

// inOrder reports whether every regex matches a frame of its own, in order,
// gaps allowed. Taking the first frame that fits is enough: a later choice
// leaves fewer frames for the rest. No regexes, no match.
func inOrder(res []*regexp.Regexp, frames []CrashFrame, text func(CrashFrame) string) bool {
	next := 0
	for _, f := range frames {
		if next == len(res) {
			break
		}
		if s := text(f); s != "" && res[next].MatchString(s) {
			next++
		}
	}
	return next > 0 && next == len(res)
}

// sampleFrames reads the frames of a sample: one that names a shared object
// ("/usr/lib/libgstinterpipe.so", "libc.so.6") is a frame without a symbol.
func sampleFrames(names []string) []CrashFrame {
	frames := make([]CrashFrame, len(names))
	for i, n := range names {
		if isObjectPath(n) {
			frames[i].Module = n
		} else {
			frames[i].Function = n
		}
	}
	return frames
}

func isObjectPath(s string) bool {
	if strings.ContainsAny(s, "(<: ") {
		return false
	}
	return strings.HasPrefix(s, "/") || strings.HasSuffix(s, ".so") || strings.Contains(s, ".so.")
}

// CrashCause names the cause for a crash: that of the rule that knows its stack,
// when a program of that owner can show it, else the one whose evidence is a crash
// of that owner. owner is a class of speakers: wolf, compositor, app, … It returns
// "" when neither is known.
func (c *Catalogue) CrashCause(frames []CrashFrame, owner string) string {
	if rule, ok := c.CauseOfCrash(frames); ok && canShow(owner, rule.Cause) {
		return rule.Cause
	}
	return c.CauseOfOwner(owner)
}

// CauseOfOwner names the cause whose strongest evidence is that a program of an
// owner crashed; "" when there is none.
func (c *Catalogue) CauseOfOwner(owner string) string {
	fact := FactPrefix + "crash-" + owner
	best, strength := "", 0.0
	for _, cause := range c.causes {
		for _, e := range cause.Evidence {
			if e.Pattern == fact && e.Strength > strength {
				best, strength = cause.ID, e.Strength
			}
		}
	}
	return best
}

// canShow reports whether a crash of an owner's program can show a cause: the
// rules speak of Wolf's own code but for those of the graphics card, which every
// program with a window meets.
func canShow(owner, cause string) bool {
	switch owner {
	case "wolf", "compositor":
		return true
	}
	for _, p := range []string{"gpu-", "egl-", "cuda-", "vulkan-", "vaapi-", "nvidia-"} {
		if strings.HasPrefix(cause, p) {
			return true
		}
	}
	return false
}
