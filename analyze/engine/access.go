package engine

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/textproto"
	"os"
	"strings"
)

// Access are the credentials that an engine wants. They are secrets: none of them
// stands in an error or a report.
type Access struct {
	Username, Password string
	BearerToken        string
	// OrgID is the tenant: Loki's X-Scope-OrgID, VictoriaLogs' ACCOUNT or
	// ACCOUNT:PROJECT.
	OrgID  string
	Header http.Header // more headers, of a file
	// Files of PEM: authorities to trust besides the system's, and the client's
	// own certificate with its key.
	CA, Cert, Key string
	// SkipVerify takes any certificate, as LOKI_TLS_SKIP_VERIFY asks for.
	SkipVerify bool
}

// AccessOf reads the environment as logcli does: LOKI_USERNAME, LOKI_PASSWORD,
// LOKI_BEARER_TOKEN, LOKI_BEARER_TOKEN_FILE, LOKI_ORG_ID, LOKI_CA_CERT_PATH,
// LOKI_CLIENT_CERT_PATH, LOKI_CLIENT_KEY_PATH, LOKI_TLS_SKIP_VERIFY; the same
// with VLOGS_ for VictoriaLogs. addr is LOKI_ADDR or VLOGS_ADDR.
func AccessOf(k Kind, getenv func(string) string) (a Access, addr string, err error) {
	env := func(name string) string { return getenv(strings.ToUpper(string(k)) + "_" + name) }
	a = Access{
		Username: env("USERNAME"), Password: env("PASSWORD"), BearerToken: env("BEARER_TOKEN"), OrgID: env("ORG_ID"),
		CA: env("CA_CERT_PATH"), Cert: env("CLIENT_CERT_PATH"), Key: env("CLIENT_KEY_PATH"), SkipVerify: env("TLS_SKIP_VERIFY") == "true",
	}
	if file := env("BEARER_TOKEN_FILE"); file != "" && a.BearerToken == "" {
		data, err := os.ReadFile(file)
		if err != nil {
			return a, "", fmt.Errorf("%s_BEARER_TOKEN_FILE: %w", strings.ToUpper(string(k)), err)
		}
		a.BearerToken = strings.TrimSpace(string(data))
	}
	return a, env("ADDR"), nil
}

// AddHeaders reads the file of --header @FILE: "Name: value", one a line; blank
// lines and those that begin with # are passed over.
func (a *Access) AddHeaders(arg string) error {
	file, ok := strings.CutPrefix(arg, "@")
	if !ok {
		return errors.New("want @FILE, a file of \"Name: value\" lines: on the command line a secret stands in the list of processes")
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if a.Header == nil {
		a.Header = http.Header{}
	}
	for i, line := range strings.Split(string(data), "\n") {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		name, value, ok := strings.Cut(line, ":")
		if name = strings.TrimSpace(name); !ok || !headerName(name) || strings.ContainsAny(value, "\x00\r") {
			return fmt.Errorf("%s, line %d: want Name: value", file, i+1)
		}
		a.Header.Add(textproto.CanonicalMIMEHeaderKey(name), strings.TrimSpace(value))
	}
	return nil
}

func headerName(s string) bool {
	for _, c := range s {
		if c <= ' ' || c >= 0x7f || strings.ContainsRune("()<>@,;:\\\"/[]?={}", c) {
			return false
		}
	}
	return s != ""
}

// apply puts the credentials on a request.
func (a *Access) apply(k Kind, r *http.Request) {
	for name, values := range a.Header {
		r.Header[name] = values
	}
	switch {
	case a.BearerToken != "":
		r.Header.Set("Authorization", "Bearer "+a.BearerToken)
	case a.Username != "" || a.Password != "":
		r.SetBasicAuth(a.Username, a.Password)
	}
	switch {
	case a.OrgID == "":
	case k == Loki:
		r.Header.Set("X-Scope-OrgID", a.OrgID)
	default:
		account, project, _ := strings.Cut(a.OrgID, ":")
		r.Header.Set("AccountID", account)
		if project != "" {
			r.Header.Set("ProjectID", project)
		}
	}
}

// secrets are the values that no error may repeat.
func (a *Access) secrets() []string {
	out := []string{a.Password, a.BearerToken}
	for _, values := range a.Header {
		out = append(out, values...)
	}
	return out
}

// tls makes the TLS configuration; nil for the system's.
func (a *Access) tls() (*tls.Config, error) {
	if a.CA == "" && a.Cert == "" && a.Key == "" && !a.SkipVerify {
		return nil, nil
	}
	c := &tls.Config{InsecureSkipVerify: a.SkipVerify} //nolint:gosec // asked for by name
	if a.CA != "" {
		pem, err := os.ReadFile(a.CA)
		if err != nil {
			return nil, fmt.Errorf("certificate authority: %w", err)
		}
		if c.RootCAs, err = x509.SystemCertPool(); err != nil {
			c.RootCAs = x509.NewCertPool()
		}
		if !c.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("certificate authority %s: no certificate in it (want PEM)", a.CA)
		}
	}
	if (a.Cert == "") != (a.Key == "") {
		return nil, errors.New("a client certificate and its key go together: one of the two is missing")
	}
	if a.Cert != "" {
		pair, err := tls.LoadX509KeyPair(a.Cert, a.Key)
		if err != nil {
			return nil, fmt.Errorf("client certificate %s: %w", a.Cert, err)
		}
		c.Certificates = []tls.Certificate{pair}
	}
	return c, nil
}
