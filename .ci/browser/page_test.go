// Package browser looks at a report in a real browser: the test of .ci/report.sh.
package browser

import (
	"context"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	_ "embed"
)

//go:embed look.js
var look string

// largest is the size in bytes that a page must be below.
const largest = 3 << 20

// open starts a browser that shows the page $REPORT, and fails the test on anything that the
// page writes to the console.
func open(t *testing.T) context.Context {
	t.Helper()
	file := os.Getenv("REPORT")
	if file == "" {
		t.Skip("REPORT names no page; .ci/report.sh makes one")
	}
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() >= largest {
		t.Errorf("the page has %d bytes, want fewer than %d", info.Size(), largest)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.DisableGPU)
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 3*time.Minute)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	chromedp.ListenTarget(ctx, func(ev any) {
		switch ev := ev.(type) {
		case *log.EventEntryAdded:
			t.Errorf("console: %s: %s", ev.Entry.Level, ev.Entry.Text)
		case *runtime.EventExceptionThrown:
			t.Errorf("exception: %s", ev.ExceptionDetails.Error())
		}
	})
	abs, err := filepath.Abs(file)
	if err != nil {
		t.Fatal(err)
	}
	do(t, ctx, log.Enable(), chromedp.Navigate("file://"+abs))
	return ctx
}

func do(t *testing.T, ctx context.Context, actions ...chromedp.Action) {
	t.Helper()
	if err := chromedp.Run(ctx, actions...); err != nil {
		t.Fatal(err)
	}
}

// as sets the width of the window and the colours that its user prefers.
func as(width int64, scheme string) chromedp.Action {
	return chromedp.Tasks{
		emulation.SetDeviceMetricsOverride(width, 900, 1, false),
		emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: scheme},
		}),
	}
}

// TestReadable: at two widths and in both schemes nothing is wider than the window, and every
// text has the contrast of WCAG 2.1 AA, also in what is unfolded.
func TestReadable(t *testing.T) {
	ctx := open(t)
	do(t, ctx, chromedp.Evaluate(look, nil))
	for _, width := range []int64{1280, 400} {
		for _, scheme := range []string{"light", "dark"} {
			var wide, faint []string
			var texts int
			do(t, ctx, as(width, scheme), chromedp.Evaluate("unfold()", nil), chromedp.Evaluate("wide()", &wide),
				chromedp.Evaluate("faint()", &faint), chromedp.Evaluate("texts().length", &texts))
			if len(wide) > 0 {
				t.Errorf("%d px, %s: wider than the window: %s", width, scheme, strings.Join(wide, ", "))
			}
			if len(faint) > 0 {
				t.Errorf("%d px, %s: too little contrast: %s", width, scheme, strings.Join(faint, ", "))
			}
			if texts < 200 {
				t.Errorf("%d px, %s: only %d texts were looked at", width, scheme, texts)
			}
		}
	}
}

// TestKeyboard: Tab reaches every link, fold and table that scrolls, in their order, and Enter
// on a score unfolds the evaluation that it is of.
func TestKeyboard(t *testing.T) {
	ctx := open(t)
	var want int
	do(t, ctx, as(1280, "light"), chromedp.Evaluate(look, nil), chromedp.Evaluate("reachable().length", &want))
	if want < 20 {
		t.Fatalf("the page has %d places for a keyboard", want)
	}
	for i := range want {
		var at int
		do(t, ctx, chromedp.KeyEvent(kb.Tab), chromedp.Evaluate("reachable().indexOf(document.activeElement)", &at))
		if at != i {
			t.Fatalf("Tab %d leads to place %d of %d", i+1, at, want)
		}
	}
	var open bool
	do(t, ctx, chromedp.Evaluate("document.querySelector('.headline a').focus()", nil), chromedp.KeyEvent(kb.Enter),
		chromedp.Sleep(300*time.Millisecond),
		chromedp.Evaluate("document.querySelector(location.hash).checkVisibility()", &open))
	if !open {
		t.Error("a score leads to an evaluation that stays folded")
	}
}

// TestPrint: on A4, nothing is cut off at the right, and there are as many pages as one
// would print.
func TestPrint(t *testing.T) {
	ctx := open(t)
	var wide []string
	// An A4 sheet of 210 mm less the margins of 12 mm is 703 px wide.
	do(t, ctx, emulation.SetDeviceMetricsOverride(703, 1000, 1, false), emulation.SetEmulatedMedia().WithMedia("print"),
		chromedp.Evaluate(look, nil), chromedp.Evaluate("clipped()", &wide))
	if len(wide) > 0 {
		t.Errorf("cut off on paper: %s", strings.Join(wide, ", "))
	}
	do(t, ctx, chromedp.ActionFunc(func(ctx context.Context) error {
		pdf, _, err := page.PrintToPDF().WithPreferCSSPageSize(true).WithPrintBackground(true).Do(ctx)
		if n := strings.Count(string(pdf), "/Type /Page\n") + strings.Count(string(pdf), "/Type /Page/"); n < 2 || n > 25 {
			t.Errorf("%d pages", n)
		}
		if !strings.Contains(string(pdf), "594.9") {
			t.Error("the sheets are not A4")
		}
		return keep("report.pdf", pdf, err)
	}))
}

// TestPictures keeps what the page looks like in the folder $PICTURES, for people.
func TestPictures(t *testing.T) {
	if os.Getenv("PICTURES") == "" {
		t.Skip("PICTURES names no folder")
	}
	ctx := open(t)
	for _, p := range []struct {
		name   string
		width  int64
		height float64
		scheme string
	}{{"report.png", 1280, 1500, "light"}, {"light.png", 1280, 0, "light"}, {"dark.png", 1280, 0, "dark"}, {"narrow.png", 400, 0, "light"}} {
		do(t, ctx, as(p.width, p.scheme), chromedp.ActionFunc(func(ctx context.Context) error {
			height := p.height
			if height == 0 {
				if err := chromedp.Evaluate("document.documentElement.scrollHeight", &height).Do(ctx); err != nil {
					return err
				}
			}
			png, err := page.CaptureScreenshot().WithCaptureBeyondViewport(true).
				WithClip(&page.Viewport{Width: float64(p.width), Height: height, Scale: 1}).Do(ctx)
			return keep(p.name, png, err)
		}))
	}
}

// keep writes a file into the folder $PICTURES, if there is one.
func keep(name string, content []byte, err error) error {
	dir := os.Getenv("PICTURES")
	if err != nil || dir == "" {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, name), content, 0o666); err != nil {
		return fmt.Errorf("picture %s of %d bytes: %w", name, base64.StdEncoding.EncodedLen(len(content)), err)
	}
	return nil
}
