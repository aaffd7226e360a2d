package main

import (
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"assay/cmd/assay/internal/plain"
	"assay/steps/kit/live"
	"assay/steps/kit/model"
)

// newDetect makes the verb detect.
func newDetect() *cobra.Command {
	var d detectFlags
	c := &cobra.Command{
		Use:   "detect [RECIPE NODE…] [--model FILE]",
		Short: "predict telemetry while it is produced",
		Long: `detect reads the rows of a VM's telemetry as lines of JSON while they are produced, makes
the windows that training has, bit for bit, and says of each what the model makes of it:

  recorder | assay detect --model out/model                     lines from a pipe
  assay detect recipes/quick.yaml 'gbt[hold=sample,view=realistic]' --follow DIR
  assay detect --model out/model --listen 127.0.0.1:8448        lines by POST

A line is a row as its recorder writes it; its first key "source" says what it is: proc,
guest, qmp, netflow, labels or meta, or what a recorder calls itself, such as guest_agent.
A folder has a file for each, as an episode has, and they need not say it.

NODE is a step of RECIPE that trained a model; FILE is the file of a model or its folder.
Of several models, the mean counts. --eval names the evaluation that set the threshold of
alarms on the validation part. On a terminal a window is a line of text, else of JSON.

docs/DETECT.md says when a window is final, what is late, and what it costs.`,
		RunE: d.run,
	}
	d.register(c)
	return c
}

// detectFlags are the flags of detect.
type detectFlags struct {
	options
	models       []string
	view, eval   string
	falseAlarms  float64
	threshold    float64
	window       time.Duration
	stride       time.Duration
	maxGap       time.Duration
	lateness     time.Duration
	wait         time.Duration
	start        int64
	follow       string
	listen       string
	tokenFile    string
	format       string
	publishURL   string
	publishToken string
	host         string
	episode      string
}

func (d *detectFlags) register(c *cobra.Command) {
	d.options.register(c)
	f := c.Flags()
	f.StringArrayVar(&d.models, "model", nil, "the `file` of a model, or its folder (repeatable)")
	f.StringVar(&d.view, "view", "", "the `view` that the model must have: realistic or oracle")
	f.StringVar(&d.eval, "eval", "", "a `node` of kind eval, or its metrics.json, which has the threshold of alarms")
	f.Float64Var(&d.falseAlarms, "false-alarms", 1,
		"with --eval, the threshold for this `number` of false alarms per hour")
	f.Float64Var(&d.threshold, "threshold", 0, "raise an alarm when the `probability` of malware reaches this")
	f.DurationVar(&d.window, "window", 10*time.Second, "how long a window is, as in the recipe")
	f.DurationVar(&d.stride, "stride", 5*time.Second, "the time between two windows, as in the recipe")
	f.DurationVar(&d.maxGap, "max-gap", 0, "the cure max_gap of the recipe; the others are found")
	f.DurationVar(&d.lateness, "lateness", 2*time.Second, "how much older than the newest row a row may be")
	f.DurationVar(&d.wait, "wait", 5*time.Second, "how long a tensor waits for the samples beside it")
	f.Int64Var(&d.start, "start", 0, "when the first window begins, in `ns` since 1970; by default at the first line")
	f.StringVar(&d.follow, "follow", "", "read the files that a recorder writes into this `folder`")
	f.StringVar(&d.listen, "listen", "", "take lines in by POST at this `address`")
	f.StringVar(&d.tokenFile, "token-file", "", tokenHelp)
	f.StringVar(&d.format, "format", "auto", "write this `format`: text, json, or auto, which is text on a terminal")
	f.StringVar(&d.publishURL, "publish-url", "",
		"send windows and predictions to the dashboard at this `url` too, such as "+defaultURL)
	f.StringVar(&d.publishToken, "publish-token-file", "", "a `file` with the token of the dashboard")
	f.StringVar(&d.host, "host", "live", "with --publish-url, the `name` of the VM's host")
	f.StringVar(&d.episode, "episode", "live", "with --publish-url, the `name` of this recording")
}

// run detects until the input ends, or Ctrl-C.
func (d *detectFlags) run(c *cobra.Command, args []string) error {
	began := time.Now()
	if err := d.check(c); err != nil {
		return err
	}
	o, err := d.open(c, args)
	if err != nil {
		return err
	}
	if d.follow != "" && !o.HasStart {
		if err := d.startOfFolder(&o); err != nil {
			return err
		}
	}
	voice, err := d.newVoice(c, &o)
	if err != nil {
		return err
	}
	det, err := live.New(o, voice.said)
	if err != nil {
		return usagef("%w", err)
	}
	fmt.Fprintf(c.ErrOrStderr(), "ready after %d ms; the first prediction comes %v after time zero%s\n",
		time.Since(began).Milliseconds(), d.window+d.lateness, d.waits(&o))
	err = d.detect(c, det)
	voice.close(c.Context(), c.ErrOrStderr())
	tell(c.ErrOrStderr(), det)
	return err
}

// waits says how long tensors may wait, if there are any.
func (d *detectFlags) waits(o *live.Options) string {
	for _, v := range o.Models {
		if v.Model.About().Form == model.Tensors {
			return fmt.Sprintf(", or up to %v later where a tensor waits", d.wait)
		}
	}
	return ""
}

// check refuses flags that make no sense together.
func (d *detectFlags) check(c *cobra.Command) error {
	switch {
	case d.follow != "" && d.listen != "":
		return usagef("--follow and --listen are two inputs; give one")
	case d.eval != "" && c.Flags().Changed("threshold"):
		return usagef("--eval has the threshold, and so has --threshold; give one")
	case c.Flags().Changed("threshold") && !(d.threshold > 0 && d.threshold <= 1):
		return usagef("--threshold %v: want more than 0, up to 1", d.threshold)
	case d.format != "auto" && d.format != "json" && d.format != "text":
		return usagef("--format %s: want text, json or auto", plain.Printable(d.format))
	case c.Flags().Changed("start") && d.start <= 0:
		return usagef("--start %d: want nanoseconds since 1970, such as %d", d.start, time.Now().UnixNano())
	}
	return nil
}

// tell says what became of the input.
func tell(w io.Writer, det *live.Detector) {
	s := det.Stats()
	fmt.Fprintf(w, "%s of %s", plain.Plural(s.Windows, "window"), plain.Plural(s.Rows, "row"))
	for _, of := range []struct {
		n    int
		what string
	}{{s.Provisional, "provisional windows"}, {s.Skipped, "windows skipped in pauses"}, {s.Late, "late rows"},
		{s.Ahead, "rows far ahead"}, {s.Excess, "rows too many"}, {s.Broken, "broken lines"}} {
		if of.n > 0 {
			fmt.Fprintf(w, ", %d %s", of.n, of.what)
		}
	}
	fmt.Fprintln(w)
	if err := det.Broken(); err != nil {
		fmt.Fprintf(w, "warning: the first broken line: %s\n", plain.Printable(err.Error()))
	}
}
