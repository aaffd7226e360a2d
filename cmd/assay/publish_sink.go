package main

import (
	"context"
	"fmt"

	"assay/cmd/assay/internal/live"
)

// A sink takes the events of a producer.
type sink interface {
	Send(events ...live.Event) error
}

// lines is a sink that prints events.
type lines struct{ s *session }

// Send implements sink.
func (l lines) Send(events ...live.Event) error {
	for _, ev := range events {
		if _, err := fmt.Fprintf(l.s.out, "%s\n", ev.JSON); err != nil {
			return err
		}
	}
	return nil
}

// paced sends events one by one, not faster than a rate a second; 0 is no limit.
func paced(ctx context.Context, to sink, rate float64, events []live.Event) error {
	for _, ev := range events {
		if err := to.Send(ev); err != nil {
			return err
		}
		if rate > 0 {
			if err := sleep(ctx, 1/rate); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}
