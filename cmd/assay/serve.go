package main

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strings"

	"github.com/spf13/cobra"

	"assay/cmd/assay/internal/live/hub"
	"assay/cmd/assay/internal/plain"
	"assay/cmd/assay/internal/serve"
)

// serveFlags are the flags of the verb serve.
type serveFlags struct {
	storeFlags
	listen, tokenFile string
	hosts             []string
	readers           int
	rate              float64
	demo              bool
	demoRate          float64
}

// newServe makes the verb serve.
func newServe() *cobra.Command {
	var o serveFlags
	c := &cobra.Command{
		Use:   "serve [RECIPE]",
		Short: "show a live dashboard in the browser",
		Long: `serve shows a dashboard at http://127.0.0.1:8447: how attacks look, scores of models with
confidence intervals, accuracy against cost, a replayed episode window by window,
confusions, and the graph of the run that goes on in this store. Programs send events to
/publish, see assay publish; docs/LIVE.md describes them, and what else there is.

With --demo it runs RECIPE, and sends itself what that made. Without RECIPE it runs the
quick models of recipes/paper.yaml on the bundled corpus.

By default nobody but this machine reaches it. At another address, --listen 0.0.0.0:8447,
whoever comes must know a token: --token-file FILE or ASSAY_TOKEN.`,
		Args: atMost(1, "serve takes one recipe, or none"),
		RunE: func(c *cobra.Command, args []string) error { return o.run(c, args) },
	}
	o.storeFlags.register(c)
	f := c.Flags()
	f.StringVar(&o.listen, "listen", "127.0.0.1:8447", "the `address` to listen at; port 0 is any that is free")
	f.StringVar(&o.tokenFile, "token-file", "", tokenHelp)
	f.StringArrayVar(&o.hosts, "host", nil, "a `name` by which browsers may call this server (repeatable); localhost and addresses are known")
	f.IntVar(&o.readers, "max-readers", 4096, "the `number` of browsers at a time")
	f.Float64Var(&o.rate, "max-rate", 20_000, "how many `events` a second may come in; 0 is no limit")
	f.BoolVar(&o.demo, "demo", false, "run RECIPE, and show what it made and its episodes")
	f.Float64Var(&o.demoRate, "demo-rate", 5, "replay episodes so many `times` as fast as they were recorded")
	return c
}

// options returns how to serve, or what is wrong with the flags.
func (o *serveFlags) options() (serve.Options, error) {
	out := serve.Options{MaxReaders: o.readers, Rate: o.rate, Version: version()}
	token, err := readToken(o.tokenFile)
	if err != nil {
		return out, err
	}
	local, err := isLoopback(o.listen)
	switch {
	case err != nil:
		return out, err
	case !local && token == "":
		return out, usagef("--listen %s: others can reach this address, so a token is needed; "+
			"write one with: openssl rand -hex 24 > token, and add: --token-file token", o.listen)
	case o.readers < 1 || o.readers > 100_000:
		return out, usagef("--max-readers %d: want 1 to 100000", o.readers)
	case !(o.rate >= 0 && o.rate <= 1e7):
		return out, usagef("--max-rate %v: want 0 to 10000000", o.rate)
	case !(o.demoRate > 0 && o.demoRate <= 1000):
		return out, usagef("--demo-rate %v: want more than 0, up to 1000", o.demoRate)
	}
	for _, name := range o.hosts {
		if name == "" || strings.ContainsAny(name, ":/ ") {
			return out, usagef("--host %q: want a name without a port, such as lab.example", name)
		}
		out.Hosts = append(out.Hosts, strings.ToLower(name))
	}
	out.Token = token
	return out, nil
}

// isLoopback reports whether only this machine reaches an address.
func isLoopback(listen string) (bool, error) {
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return false, usagef("--listen %s: want HOST:PORT, such as 127.0.0.1:8447", plain.Printable(listen))
	}
	if host == "localhost" {
		return true, nil
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback(), nil
}

// run serves until Ctrl-C.
func (o *serveFlags) run(c *cobra.Command, args []string) error {
	opts, err := o.options()
	if err != nil {
		return err
	}
	if err := o.enter(c); err != nil {
		return err
	}
	ctx, stop := context.WithCancel(c.Context())
	defer stop()
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", o.listen)
	if err != nil {
		return fmt.Errorf("%w; choose another address with --listen", err)
	}
	h := hub.New(opts.MaxReaders)
	srv := serve.New(opts, h)
	fmt.Fprintf(c.OutOrStdout(), "dashboard: http://%s\nevents:    http://%s/publish; stop with Ctrl-C\n", l.Addr(), l.Addr())
	recipe := strings.Join(args, "")
	go watchRuns(ctx, o.store, recipe, h)
	if o.demo {
		d := &demo{flags: o, c: c, recipe: recipe, to: hubSink{h}}
		go d.run(ctx)
	}
	return srv.Serve(ctx, l)
}
