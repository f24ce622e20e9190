package render

import (
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
	return out
}
