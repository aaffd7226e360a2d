// Package send posts events to a dashboard.
//
// [New] makes a [Sender]; [Sender.Send] puts an event into its queue and never waits. The queue
// is bounded: if the dashboard cannot be reached for long, the oldest events make room and are
// counted. What fails is tried again, with growing pauses. [Sender.Drain] waits until everything
// is delivered. Read send.go first, then post.go.
package send
