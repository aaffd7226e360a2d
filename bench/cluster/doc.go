// Package cluster simulates runs of recipes/cluster.yaml on clusters of any size, with the engine's
// own scheduler and a clock that jumps. Its tests print makespan, traffic of the store and
// load of the queue. Read cluster.go first; costs.go has what each step costs, as recorded.
package cluster
