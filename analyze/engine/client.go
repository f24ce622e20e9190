package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"
)

// Options of a Client. The zero value asks as politely as one can.
type Options struct {
	Access  Access
	Queries int           // asked at once; 0: 2. VictoriaLogs serves 4 at once unless told otherwise
	Timeout time.Duration // that the engine is asked to give a query; 0: its own
	Idle    time.Duration // an answer of which nothing comes for so long has broken off; 0: 90 s
	Retries int           // of a query that gets no further; 0: 6, negative: none
	// Sleep waits between tries; nil: a timer. Tests need not wait.
	Sleep func(ctx context.Context, d time.Duration) error
	// MaxText is the longest message kept whole, in bytes; 0: 1 MiB.
	MaxText int
	// SliceLines is for how many records a query asks at most, as far as counts
	// tell; 0: 200,000. An engine sorts them in its memory.
	SliceLines int64
	Page       int // records of one of Loki's pages; 0: 5000, which is what Loki allows unless told otherwise
}

// A Client asks one engine. It is safe for concurrent use.
type Client struct {
	addr     Address
	opts     Options
	http     *http.Client
	slots    chan struct{}
	dialect  dialect
	answered atomic.Bool // it has been reached before
	cost     cost
}

// dialect is what differs between engines.
type dialect interface {
	// groups counts records by the values of a label.
	groups(ctx context.Context, c *Client, q Query, by string) ([]Group, error)
	// page asks for the records of a span and hands them to take, in order of
	// time. more: the span was not exhausted, as pages are bounded.
	page(ctx context.Context, c *Client, q *Query, s span, take func(*Record) error) (more bool, err error)
}

// cost is what a Client has spent.
type cost struct {
	queries, retries, wire atomic.Int64
}

// Cost is what was asked and came: for a note at the end.
type Cost struct {
	Queries int64 // HTTP requests
	Retries int64 // of which repeated
	Wire    int64 // bytes that came over the network
}

// Cost returns what the client has spent so far.
func (c *Client) Cost() Cost {
	return Cost{Queries: c.cost.queries.Load(), Retries: c.cost.retries.Load(), Wire: c.cost.wire.Load()}
}

// NewClient makes a client; it opens no connection. Errors are those of the
// files that Access names.
func NewClient(a Address, o Options) (*Client, error) {
	if a.Host == "" {
		env := strings.ToUpper(string(a.Kind)) + "_ADDR"
		return nil, fmt.Errorf("%s:// names no host, and %s is not set", a.Kind, env)
	}
	o.Queries, o.Idle, o.Retries, o.MaxText, o.SliceLines = cmp.Or(o.Queries, 2), cmp.Or(o.Idle, 90*time.Second), cmp.Or(o.Retries, 6), cmp.Or(o.MaxText, 1<<20), cmp.Or(o.SliceLines, 200_000)
	o.Page = cmp.Or(o.Page, firstPage)
	if o.Sleep == nil {
		o.Sleep = sleep
	}
	conf, err := o.Access.tls()
	if err != nil {
		return nil, err
	}
	c := &Client{addr: a, opts: o, slots: make(chan struct{}, o.Queries)}
	c.dialect = &vlogs{}
	if a.Kind == Loki {
		c.dialect = &loki{}
	}
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}
	c.http = &http.Client{
		Transport: &http.Transport{
			Proxy: http.ProxyFromEnvironment, TLSClientConfig: conf, TLSHandshakeTimeout: 10 * time.Second,
			MaxIdleConnsPerHost: o.Queries, IdleConnTimeout: 30 * time.Second, ForceAttemptHTTP2: true,
			DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
				conn, err := dialer.DialContext(ctx, network, addr)
				if err != nil {
					return nil, err
				}
				return countedConn{conn, &c.cost.wire}, nil
			},
		},
		CheckRedirect: stay,
	}
	return c, nil
}

// WithEnvironment fills in what the environment knows: the address where a has
// none.
func WithEnvironment(a Address, addr string) (Address, error) {
	if a.Host != "" || addr == "" {
		return a, nil
	}
	from, err := ParseAddress(addr, a.Kind)
	if err != nil {
		return a, fmt.Errorf("%s_ADDR: %w", strings.ToUpper(string(a.Kind)), err)
	}
	a.TLS, a.Host = from.TLS, from.Host
	a.Path = cmp.Or(a.Path, from.Path)
	return a, nil
}

var errRedirected = errors.New("it sends its visitors elsewhere")

// stay follows no redirection: credentials are for one host, and an engine has
// no reason to send anybody away.
func stay(r *http.Request, _ []*http.Request) error {
	return fmt.Errorf("%w, to %s", errRedirected, r.URL.Host)
}

// countedConn counts what comes over the network.
type countedConn struct {
	net.Conn
	n *atomic.Int64
}

func (c countedConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.n.Add(int64(n))
	return n, err
}

// Address is where the client asks.
func (c *Client) Address() Address { return c.addr }

// Name is the engine's name: its address without a query.
func (c *Client) Name() string {
	return Address{Kind: c.addr.Kind, TLS: c.addr.TLS, Host: c.addr.Host, Path: c.addr.Path}.String()
}

// Close lets go of idle connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
