package nn

// there takes all pieces through span k, and settles the joint that follows.
func (r *runner) there(shards []*shard, k int) {
	joint, rows := r.net.joints[k], len(r.batch.Y)*r.net.Points
	r.clear(shards, joint)
	r.each(shards, func(s *shard, p *pass) {
		r.enter(s, p, k)
		p.forward(k)
		p.joint(k+1).sum(&s.tally, p.value)
	})
	joint.settleMean(shards, rows)
	r.clear(shards, joint)
	r.each(shards, func(s *shard, p *pass) { p.joint(k+1).squares(&s.tally, p.value) })
	joint.settleVariance(shards, rows)
}

func (r *runner) clear(shards []*shard, joint *batchNorm) {
	for _, s := range shards {
		s.tally.clear(joint.cols)
	}
}

// gather adds up what the joint in front of a span needs on the way back. The first
// piece of a shard begins its tally.
func (r *runner) gather(s *shard, p *pass, span int) {
	if p == s.passes[0] {
		s.tally.clear(p.joint(span).cols)
	}
	p.joint(span).pairs(&s.tally, p.value)
}

// again settles the joint behind span k and takes all pieces back through the span.
func (r *runner) again(shards []*shard, k int) {
	joint, rows := r.net.joints[k], len(r.batch.Y)*r.net.Points
	joint.settleBack(shards, rows, shards[0].grads)
	r.each(shards, func(s *shard, p *pass) {
		p.value = p.joint(k+1).backward(&p.call, p.value, p.n)
		p.backward(k)
		if k > 0 {
			r.gather(s, p, k)
		}
	})
}
