package assemble

import (
	"fmt"
	"strings"
	"time"

	"wolfdiag/analyze/report"
)

// known lists the entries of the operator's own list.
func (v *View) known() []report.KnownHere {
	out := []report.KnownHere{}
	for _, j := range v.Account.Judged() {
		k := report.KnownHere{Entry: j.Known.Place(), By: j.Known.By(), What: j.Known.What(), Service: j.Known.Service, Why: j.Known.Why,
			Expired: j.Known.Expired(v.Now), Count: j.Count}
		if until := j.Known.Until; !until.IsZero() {
			day := until.AddDate(0, 0, -1).Format(time.DateOnly)
			k.Until = &day
		}
		if j.Count > 0 {
			first, last := v.where(&j.First), v.where(&j.Last)
			k.First, k.Last = &first, &last
		}
		out = append(out, k)
	}
	return out
}

// knownNotes says which entries no longer apply, and how many have nothing to
// apply to.
func knownNotes(list []report.KnownHere) []string {
	var out []string
	var unused []string
	for i := range list {
		switch k := &list[i]; {
		case k.Expired:
			out = append(out, fmt.Sprintf("%s: no longer counts as known since %s has passed: %s", k.Entry, *k.Until, k.Why))
		case k.Count == 0:
			unused = append(unused, k.Entry)
		}
	}
	const most = 5
	if n := len(unused); n > most {
		unused = append(unused[:most], fmt.Sprintf("%d more", n-most))
	}
	if len(unused) > 0 {
		out = append(out, "what is known here and does not occur: "+strings.Join(unused, ", "))
	}
	return out
}
