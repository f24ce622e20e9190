package render

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"
)

// browserNeeded makes a missing browser a failure: .ci/run sets it where it has
// installed one.
const browserNeeded = "WOLFDIAG_BROWSER"

// chromium is a headless browser spoken to through two pipes, by the Chrome
// DevTools Protocol: one JSON message after another, each ended by a zero byte.
// The libraries for it bring the whole protocol as code, a hundred times what is
// used here.
type chromium struct {
	t       *testing.T
	out     io.Writer
	in      *bufio.Reader
	id      int
	session string
	events  []message // since the page was opened
	maybe   bool      // it need not start
}

type message struct {
	ID     int             `json:"id,omitempty"`
	Method string          `json:"method,omitempty"`
	Params json.RawMessage `json:"params,omitempty"`
	Result json.RawMessage `json:"result,omitempty"`
	Error  *struct {
		Message string `json:"message"`
	} `json:"error,omitempty"`
	Session string `json:"sessionId,omitempty"`
}

// startChromium starts the browser of this machine, or skips the test. It ends
// with the test.
func startChromium(t *testing.T) *chromium {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("pipes to the browser are numbered files, which Windows has not")
	}
	name := os.Getenv(browserNeeded)
	maybe := name == ""
	if name == "" {
		for _, known := range []string{"chromium", "chromium-browser", "google-chrome"} {
			if found, err := exec.LookPath(known); err == nil {
				name = found
				break
			}
		}
	}
	if name == "" {
		t.Skipf("no Chromium on this machine: pages are not tested in a browser (%s names one)", browserNeeded)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	args := []string{"--headless", "--remote-debugging-pipe", "--user-data-dir=" + t.TempDir(), "--no-first-run", "--no-default-browser-check", "--disable-gpu",
		"--disable-extensions", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--hide-scrollbars", "--mute-audio"}
	if os.Geteuid() == 0 {
		args = append(args, "--no-sandbox")
	}
	cmd := exec.CommandContext(ctx, name, append(args, "about:blank")...)
	theirIn, ourOut, err1 := os.Pipe()
	ourIn, theirOut, err2 := os.Pipe()
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	cmd.ExtraFiles = []*os.File{theirIn, theirOut} // descriptors 3 and 4, as the flag wants them
	cmd.WaitDelay = 10 * time.Second
	if err := cmd.Start(); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	theirIn.Close()
	theirOut.Close()
	c := &chromium{t: t, out: ourOut, in: bufio.NewReader(ourIn), maybe: maybe}
	t.Cleanup(func() {
		c.id++
		fmt.Fprintf(c.out, `{"id":%d,"method":"Browser.close"}`+"\x00", c.id)
		ended := make(chan struct{})
		go func() {
			_ = cmd.Wait() // it may be killed: what counts was checked
			close(ended)
		}()
		select {
		case <-ended:
		case <-time.After(10 * time.Second):
		}
		cancel()
		<-ended
		ourOut.Close()
		ourIn.Close()
	})
	var target struct{ TargetID string }
	c.call("Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	var attached struct{ SessionID string }
	c.call("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &attached)
	c.session, c.maybe = attached.SessionID, false
	for _, domain := range []string{"Page", "Runtime", "Log", "Network"} {
		c.call(domain+".enable", nil, nil)
	}
	return c
}

// call runs a method and decodes its result into out; events that come meanwhile
// are kept.
func (c *chromium) call(method string, params map[string]any, out any) {
	c.t.Helper()
	c.id++
	raw, err := json.Marshal(map[string]any{"id": c.id, "method": method, "params": params, "sessionId": c.session})
	if c.session == "" {
		raw, err = json.Marshal(map[string]any{"id": c.id, "method": method, "params": params})
	}
	if err == nil {
		_, err = c.out.Write(append(raw, 0))
	}
	if err != nil {
		c.t.Fatalf("%s: %v", method, err)
	}
	for {
		m := c.read(method)
		if m.ID != c.id {
			continue
		}
		if m.Error != nil {
			c.t.Fatalf("%s: %s", method, m.Error.Message)
		}
		if out != nil {
			if err := json.Unmarshal(m.Result, out); err != nil {
				c.t.Fatalf("%s: %v", method, err)
			}
		}
		return
	}
}

// read takes the next message.
func (c *chromium) read(what string) message {
	c.t.Helper()
	raw, err := c.in.ReadBytes(0)
	if err != nil && c.maybe {
		c.t.Skipf("the browser does not start here (%s makes that a failure): %v", browserNeeded, err)
	}
	if err != nil {
		c.t.Fatalf("%s: the browser ended: %v", what, err)
	}
	var m message
	if err := json.Unmarshal(raw[:len(raw)-1], &m); err != nil {
		c.t.Fatalf("%s: %v", what, err)
	}
	if m.Method != "" {
		c.events = append(c.events, m)
	}
	return m
}

// open shows a page and waits until it is loaded; it returns what it asked for
// and what it complained of.
func (c *chromium) open(file string) (requests, complaints []string) {
	c.t.Helper()
	c.events = nil
	c.call("Page.navigate", map[string]any{"url": "file://" + filepath.ToSlash(file)}, nil)
	for !c.has("Page.loadEventFired") {
		c.read("load " + file)
	}
	c.eval("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(0))))", nil)
	for _, m := range c.events {
		switch m.Method {
		case "Network.requestWillBeSent":
			var p struct{ Request struct{ URL string } }
			_ = json.Unmarshal(m.Params, &p)
			requests = append(requests, p.Request.URL)
		case "Log.entryAdded", "Runtime.exceptionThrown", "Runtime.consoleAPICalled":
			complaints = append(complaints, string(m.Params))
		}
	}
	return requests, complaints
}

func (c *chromium) has(method string) bool {
	for _, m := range c.events {
		if m.Method == method {
			return true
		}
	}
	return false
}

// eval runs a script beside the page, whose own policy forbids all, and decodes
// what it returns.
func (c *chromium) eval(script string, out any) {
	c.t.Helper()
	var r struct {
		Result           struct{ Value json.RawMessage }
		ExceptionDetails json.RawMessage
	}
	c.call("Runtime.evaluate", map[string]any{"expression": script, "returnByValue": true, "awaitPromise": true}, &r)
	if r.ExceptionDetails != nil {
		c.t.Fatalf("script: %s", r.ExceptionDetails)
	}
	if out != nil {
		if err := json.Unmarshal(r.Result.Value, out); err != nil {
			c.t.Fatalf("script returned %s: %v", r.Result.Value, err)
		}
	}
}

// view sets the size of the window and the colours that the reader prefers.
func (c *chromium) view(width int, scheme string) {
	c.t.Helper()
	c.call("Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false}, nil)
	c.call("Emulation.setEmulatedMedia", map[string]any{"features": []map[string]string{{"name": "prefers-color-scheme", "value": scheme}}}, nil)
}

// key presses a key once.
func (c *chromium) key(name string, code int) {
	c.t.Helper()
	for _, kind := range []string{"keyDown", "keyUp"} {
		c.call("Input.dispatchKeyEvent", map[string]any{"type": kind, "key": name, "code": name, "windowsVirtualKeyCode": code}, nil)
	}
}

// data calls a method that returns base64 under "data".
func (c *chromium) data(method string, params map[string]any) []byte {
	c.t.Helper()
	var r struct{ Data []byte }
	c.call(method, params, &r)
	return r.Data
}
