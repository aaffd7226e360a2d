package main

import (
	"context"
	"fmt"
	"net"
	"os"

	"github.com/spf13/cobra"

	"assay/cmd/assay/internal/intake"
	"assay/steps/kit/episode"
	"assay/steps/kit/live"
)

// startOfFolder makes the first label of a folder time zero, if it has one.
func (d *detectFlags) startOfFolder(o *live.Options) error {
	text, err := intake.FirstLabel(d.follow)
	if err != nil || text == nil {
		return err
	}
	label, err := episode.NewDecoder(episode.DefaultLimits()).Label(text)
	if err == nil {
		o.Start, o.HasStart = label.UnixNs, true
	}
	return nil // the line is counted when it is read
}

// queued is how many lines may wait for the detector.
const queued = 256

// detect hands the lines of the input to the detector.
func (d *detectFlags) detect(c *cobra.Command, det *live.Detector) error {
	ctx, stop := context.WithCancel(c.Context())
	defer stop()
	read, err := d.input(ctx, c)
	if err != nil {
		return err
	}
	lines, ended := make(chan intake.Line, queued), make(chan error, 1)
	go func() {
		ended <- read(lines)
		close(lines)
	}()
	for {
		select {
		case <-c.Context().Done():
			return nil // the recording goes on without us
		case line, ok := <-lines:
			if !ok {
				err := <-ended
				switch {
				case c.Context().Err() != nil:
					return nil
				case err != nil:
					return err
				}
				return det.End()
			}
			if err := take(det, line); err != nil {
				return err
			}
		}
	}
}

// take hands a line to the detector.
func take(det *live.Detector, line intake.Line) error {
	switch {
	case line.Broken != nil:
		det.Lose(line.Broken)
		return nil
	case line.Source == "":
		return det.Line(line.Text)
	}
	return det.Take(line.Source, line.Text)
}

// input returns what reads the input into a channel.
func (d *detectFlags) input(ctx context.Context, c *cobra.Command) (func(chan<- intake.Line) error, error) {
	switch {
	case d.follow != "":
		return func(to chan<- intake.Line) error { return intake.Follow(ctx, d.follow, to) }, nil
	case d.listen == "":
		return func(to chan<- intake.Line) error { return intake.Pipe(ctx, os.Stdin, to) }, nil
	}
	token, err := readToken(d.tokenFile)
	if err != nil {
		return nil, err
	}
	local, err := isLoopback(d.listen)
	if err == nil && !local && token == "" {
		err = usagef("--listen %s: others can reach this address, so a token is needed; give --token-file or %s", d.listen,
			tokenVar)
	}
	if err != nil {
		return nil, err
	}
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", d.listen)
	if err != nil {
		return nil, fmt.Errorf("%w; choose another address with --listen", err)
	}
	fmt.Fprintf(c.ErrOrStderr(), "send lines to http://%s\n", l.Addr())
	return func(to chan<- intake.Line) error { return intake.Post(ctx, l, token, to) }, nil
}
