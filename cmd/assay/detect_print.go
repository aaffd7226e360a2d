package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"assay/cmd/assay/internal/live/send"
	"assay/cmd/assay/internal/plain"
	"assay/steps/kit/channel"
	"assay/steps/kit/live"
)

// A detectVoice says what was detected: to standard output, and to a dashboard if there is one.
type detectVoice struct {
	flags  *detectFlags
	out    io.Writer
	text   bool
	lines  int
	names  []string // of the models
	views  []string
	sender *send.Sender // nil for none
}

func (d *detectFlags) newVoice(c *cobra.Command, o *live.Options) (*detectVoice, error) {
	v := &detectVoice{flags: d, out: c.OutOrStdout()}
	v.text = d.format == "text" || d.format == "auto" && onTerminal(v.out)
	for _, m := range o.Models {
		v.names, v.views = append(v.names, m.Name), append(v.views, viewOf(m.Model.About().Features))
	}
	if d.publishURL == "" {
		return v, nil
	}
	if err := (&publishFlags{url: d.publishURL}).check(); err != nil {
		return nil, err
	}
	token, err := readToken(d.publishToken)
	if err != nil {
		return nil, err
	}
	v.sender = send.New(context.WithoutCancel(c.Context()), send.Options{URL: d.publishURL, Token: token,
		Warn: func(text string) { fmt.Fprintf(c.ErrOrStderr(), "warning: %s\n", plain.PrintableLines(text)) }})
	return v, nil
}

// said prints a window and sends it on.
func (v *detectVoice) said(w *live.Window) error {
	var err error
	if v.text {
		err = v.printText(w)
	} else {
		err = v.printJSON(w)
	}
	if err == nil && v.sender != nil {
		err = v.publish(w)
	}
	return err
}

// A detection is a window as a line of JSON.
type detection struct {
	T           string             `json:"t"` // wall clock of the centre, RFC 3339
	Centre      float64            `json:"centre"`
	Phase       string             `json:"phase"` // the most likely one
	P           map[string]float32 `json:"p"`
	Score       float64            `json:"score"` // probability that malware runs
	Alarm       bool               `json:"alarm"`
	Edge        string             `json:"edge,omitempty"` // raised or cleared, if this window did
	Label       string             `json:"label,omitempty"`
	Provisional bool               `json:"provisional,omitempty"`
}

func (v *detectVoice) printJSON(w *live.Window) error {
	d := detection{T: stamp(w), Centre: w.Center, Phase: w.Predicted(), P: map[string]float32{}, Score: w.Score,
		Alarm: w.Alarm, Edge: edge(w), Label: w.Label, Provisional: w.Provisional}
	for k, p := range w.P {
		d.P[channel.PhaseName(k)] = p
	}
	b, err := json.Marshal(d)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(v.out, "%s\n", b)
	return err
}

func stamp(w *live.Window) string {
	return time.Unix(0, w.UnixNs).UTC().Format("2006-01-02T15:04:05.000Z07:00")
}

func edge(w *live.Window) string {
	switch {
	case w.Edge && w.Alarm:
		return "raised"
	case w.Edge:
		return "cleared"
	}
	return ""
}

// headEvery is after how many lines the head of the table comes again.
const headEvery = 40

func (v *detectVoice) printText(w *live.Window) error {
	if v.lines%headEvery == 0 {
		if _, err := fmt.Fprintln(v.out, "TIME                     CENTRE  PHASE              MALWARE  ALARM"); err != nil {
			return err
		}
	}
	v.lines++
	var notes []string
	if w.Alarm {
		notes = append(notes, "ALARM")
	}
	if e := edge(w); e != "" {
		notes = append(notes, e)
	}
	if w.Provisional {
		notes = append(notes, "provisional")
	}
	line := fmt.Sprintf("%s %7.1f  %-17s  %6.1f%%  %s", stamp(w), w.Center, w.Predicted(), 100*w.Score,
		strings.Join(notes, ", "))
	_, err := fmt.Fprintln(v.out, strings.TrimRight(line, " "))
	return err
}
