package engine

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// A Fault is why an engine did not give what was asked for. Its text names the
// engine and never a secret.
type Fault struct {
	Engine string // vlogs://host:9428
	Status int    // of HTTP, 0 when there was no answer
	Err    error

	again bool          // it may go better a moment later
	less  bool          // it may go better with a shorter span of time
	after time.Duration // the engine says when to come back
}

func (f *Fault) Error() string { return f.Engine + ": " + f.Err.Error() }

// Unwrap returns the reason.
func (f *Fault) Unwrap() error { return f.Err }

// Reasons of a Fault.
var (
	ErrUnreachable  = errors.New("cannot be reached")
	ErrTLS          = errors.New("no TLS connection")
	ErrUnauthorized = errors.New("refuses the credentials, or wants some")
	ErrNotEngine    = errors.New("is not such an engine")
	ErrRefused      = errors.New("refuses the query")
	ErrOverload     = errors.New("is overloaded")
	ErrCut          = errors.New("the answer broke off")
	ErrSilent       = errors.New("the answer stopped coming")
)

// mayHelp tells whether to ask again, and whether for less.
func mayHelp(err error) (again, less bool) {
	var f *Fault
	if !errors.As(err, &f) {
		return false, false
	}
	return f.again, f.less
}

// fault makes a Fault of an error of the transport.
func (c *Client) fault(err error) error {
	if errors.Is(err, context.Canceled) && !errors.Is(err, ErrSilent) {
		return err // ours
	}
	f := &Fault{Engine: c.Name()}
	var outer *url.Error // its text repeats the URL
	for errors.As(err, &outer) {
		err = outer.Err
	}
	var dns *net.DNSError
	var op *net.OpError
	var hello tls.RecordHeaderError
	var unknown x509.UnknownAuthorityError
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	var verify *tls.CertificateVerificationError
	text := c.clean(err.Error())
	switch {
	case errors.Is(err, ErrSilent):
		f.Err, f.again, f.less = fmt.Errorf("%w for %s", ErrSilent, c.opts.Idle), true, true
	case errors.As(err, &hello), strings.Contains(text, "server gave HTTP response to HTTPS client"):
		f.Err = fmt.Errorf("%w: it speaks plain HTTP (%s://)", ErrTLS, string(c.addr.Kind))
	case errors.As(err, &unknown), errors.As(err, &verify) && errors.As(verify.Err, &unknown):
		f.Err = fmt.Errorf("%w: its certificate is signed by an authority that is not known here (--ca FILE names one)", ErrTLS)
	case errors.As(err, &host), errors.As(err, &invalid), errors.As(err, &verify), strings.Contains(text, "tls: "):
		f.Err = fmt.Errorf("%w: %s", ErrTLS, text)
	case errors.As(err, &dns):
		f.Err, f.again = fmt.Errorf("%w: no address for %q", ErrUnreachable, dns.Name), dns.IsTemporary
	case errors.Is(err, errRedirected):
		f.Err = fmt.Errorf("%w: %s", ErrNotEngine, text)
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		f.Err, f.again, f.less = ErrCut, true, true
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &op):
		f.Err, f.again = fmt.Errorf("%w: %s", ErrUnreachable, text), c.answered.Load() || errors.Is(err, context.DeadlineExceeded)
	case errors.Is(err, errPage):
		f.Err = fmt.Errorf("%w: %w", ErrNotEngine, errPage)
	case errors.Is(err, errNotJSON):
		f.Err, f.again = errors.New(text), true
	default:
		f.Err, f.again = errors.New(text), c.answered.Load()
	}
	return f
}

// mostWords is how much of an engine's own words an error repeats.
const mostWords = 400

// refusal makes a Fault of an answer that is not 200, with the engine's own
// words.
func (c *Client) refusal(r *http.Response, path string) error {
	body, _ := io.ReadAll(io.LimitReader(r.Body, 8<<10))
	words := c.words(body)
	f := &Fault{Engine: c.Name(), Status: r.StatusCode}
	said := func(err error) error {
		if words == "" {
			return fmt.Errorf("%w (HTTP %d)", err, r.StatusCode)
		}
		return fmt.Errorf("%w (HTTP %d): %s", err, r.StatusCode, words)
	}
	heavy := tooMuch(words)
	switch code := r.StatusCode; {
	case code == http.StatusUnauthorized, code == http.StatusForbidden, code == http.StatusProxyAuthRequired:
		env := strings.ToUpper(string(c.addr.Kind))
		f.Err = fmt.Errorf("%w (%s_USERNAME and %s_PASSWORD, or %s_BEARER_TOKEN)", said(ErrUnauthorized), env, env, env)
	case code == http.StatusNotFound, code == http.StatusMethodNotAllowed, strings.Contains(words, "unsupported path requested"):
		f.Err = fmt.Errorf("%w; no %s answers at %s", said(ErrNotEngine), c.addr.Kind, path)
	case strings.Contains(words, "HTTP request to an HTTPS server"):
		f.Err = fmt.Errorf("%w: it speaks HTTPS (%s+https://)", ErrTLS, string(c.addr.Kind))
	case code == http.StatusServiceUnavailable && !heavy, code == http.StatusTooManyRequests:
		f.Err, f.again, f.after = said(ErrOverload), true, retryAfter(r.Header.Get("Retry-After"))
	case heavy, code == http.StatusGatewayTimeout, code == http.StatusRequestEntityTooLarge:
		f.Err, f.again, f.less = said(ErrRefused), true, true
	case code >= 500:
		f.Err, f.again = said(fmt.Errorf("%w: it failed", ErrRefused)), true
	default:
		f.Err = said(ErrRefused)
	}
	return f
}

// tooMuch reports whether an engine's words say that a query takes too long or
// too much, so that a shorter span may do.
func tooMuch(words string) bool {
	for _, w := range []string{"couldn't be executed in", "maxQueryDuration", "timeout", "deadline exceeded", "memory", "too large", "max entries limit", "would read too many bytes"} {
		if strings.Contains(words, w) {
			return true
		}
	}
	return false
}

// retryAfter reads seconds; a date is not waited for.
func retryAfter(s string) time.Duration {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil || n < 0 {
		return 0
	}
	return min(time.Duration(n)*time.Second, time.Minute)
}

// words is what an engine says, in one line, without secrets and control
// characters. A web page has none.
func (c *Client) words(body []byte) string {
	s := strings.TrimSpace(string(body))
	if strings.HasPrefix(s, "<") {
		return "a web page"
	}
	if i := strings.Index(s, "; context: ["); i > 0 { // the query once more
		s = s[:i]
	}
	return c.clean(s)
}

// clean makes text from outside fit for an error.
func (c *Client) clean(s string) string {
	for _, secret := range c.opts.Access.secrets() {
		if len(secret) > 2 {
			s = strings.ReplaceAll(s, secret, "***")
		}
	}
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > mostWords {
		s = strings.ToValidUTF8(s[:mostWords], "") + "…"
	}
	return s
}
