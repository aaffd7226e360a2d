package exec

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"syscall"

	"assay/engine/step"
)

// command runs the program and passes on what it prints.
func (r *runner) command(ctx context.Context, p Params, pl *place) error {
	env := environment(p, pl, step.Cores(ctx))
	prog, err := p.program(pl, env)
	if err != nil {
		return err
	}
	c := exec.CommandContext(ctx, prog.path, prog.args...)
	c.Args[0] = prog.name
	c.Dir = pl.dir
	c.Env = env
	heard := &printed{to: step.Report(ctx)}
	c.Stdout, c.Stderr = heard, heard
	err = runOn(ctx, c, &r.fence, pl.within(p.Allow))
	heard.flush()
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.Is(err, exec.ErrWaitDelay):
		return fmt.Errorf("%s ended but left a process running that holds its output open; let it wait for what it starts "+
			"in the background, or send the output of that elsewhere", prog.name)
	case err != nil:
		f := failure{p: p, place: pl, heard: heard, err: err}
		return fmt.Errorf("%s: %w%s%s%s", prog.name, started(err), heard.tail(), f.inputs(), f.hints())
	}
	return nil
}

// started replaces the error of a program that could not be started, since the system's
// own texts say little.
func started(err error) error {
	refused, ok := errors.AsType[*os.PathError](err)
	if !ok {
		return err
	}
	switch refused.Err {
	case syscall.E2BIG:
		return errors.New("its arguments and variables together are longer than the system allows; put " +
			"some into a file and connect that under \"in:\"")
	case syscall.ENOEXEC:
		return errors.New("it is not a program, and has no first line (#!) that names its interpreter; name that in " +
			"\"run:\", such as [sh, in/PORT/FILE]")
	case syscall.ENOENT:
		return errors.New("there is no such program, or its first line (#!) names one that does not exist")
	case syscall.EACCES:
		return errNoStart
	}
	return refused.Err
}

var errNoStart = errors.New("it may not be run (permission denied)")

// environment is what the command sees: of the caller's variables only PATH and those
// that the recipe passes on, and the number of cores, once as ASSAY_CORES and once as
// OMP_NUM_THREADS, which numerical libraries respect.
func environment(p Params, pl *place, cores int) []string {
	n := strconv.Itoa(cores)
	env := []string{"PATH=" + os.Getenv("PATH"), "HOME=" + pl.dir, "TMPDIR=" + pl.short, "LANG=C.UTF-8",
		"LC_ALL=C.UTF-8", "TZ=UTC", "ASSAY_CORES=" + n, "OMP_NUM_THREADS=" + n}
	for _, name := range p.Pass {
		if v, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+v)
		}
	}
	return append(env, p.Env...)
}
