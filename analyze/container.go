package analyze

import (
	"fmt"
	"slices"
	"strings"

	"wolfdiag/analyze/setup"
	"wolfdiag/analyze/source"
)

// leftOut reports whether an input is the log of a container that is neither
// Wolf's nor one of its apps', and that nobody asked for: what a database or a
// proxy on the same host complains about is no cause of Wolf's.
func (a *Analyzer) leftOut(in source.Input) bool {
	c := in.Container
	if c == nil || setup.RoleOfContainer(c.Name, c.Image) != setup.RoleOther || slices.Contains(a.opts.Services, c.Name) || c.Service != "" && slices.Contains(a.opts.Services, c.Service) {
		return false
	}
	if !slices.Contains(a.others, c.Name) {
		a.others = append(a.others, c.Name)
	}
	return true
}

// container tells whose log an input is, where Docker's own folder says so.
func (a *Analyzer) container(index int32, in source.Input) {
	c := in.Container
	if c == nil {
		return
	}
	a.account.Inputs.SetService(index, c.Name)
	at := setup.Place{Input: a.account.Inputs.Name(index)}
	a.merger.Setup.Add(setup.Statement{About: setup.AboutContainer, Of: c.Image, Value: c.Name, Place: at})
	a.merger.Setup.Add(setup.Statement{About: setup.AboutRole, Of: c.Name, Value: string(setup.RoleOfContainer(c.Name, c.Image)), Place: at})
	engine := setup.EngineDocker
	if c.Project != "" {
		engine = setup.EngineCompose
	}
	a.merger.Setup.Add(setup.Statement{About: setup.AboutEngine, Value: string(engine), Place: at})
}

// othersNote names the containers that were left out, "" for none.
func (a *Analyzer) othersNote() string {
	if len(a.others) == 0 {
		return ""
	}
	slices.Sort(a.others)
	return fmt.Sprintf("not read, as they are not Wolf's or its apps': %s; --service NAME reads one", strings.Join(a.others, ", "))
}
