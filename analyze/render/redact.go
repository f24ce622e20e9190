package render

import (
	"regexp"

	"wolfdiag/analyze/redact"
	"wolfdiag/analyze/report"
)

// maskedRemark ends a report for sharing.
const maskedRemark = "Addresses, ids, keys and the names of users and machines are masked."

// redacted returns a deep copy of rep with all masked that names somebody or
// opens something.
func redacted(r *redact.Redactor, rep *report.Report) *report.Report {
	out := &report.Report{}
	if err := r.Into(rep, out); err != nil {
		return &report.Report{Summary: "report could not be redacted: " + err.Error()}
	}
	for i := range out.Unexplained {
		for k := range out.Unexplained[i].Around {
			l := &out.Unexplained[i].Around[k]
			l.Text = quads.ReplaceAllString(l.Text, "<address?>")
		}
	}
	return out
}

// quads are what may be an address. Around a message that nobody knows, four
// numbers are masked although they may be a version: nothing there tells.
var quads = regexp.MustCompile(`\b(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)\b`)
