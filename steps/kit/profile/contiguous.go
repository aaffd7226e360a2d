package profile

import "assay/steps/kit/channel"

// contiguous finds the first time that the phases follow each other without a break: armed,
// infecting if it is there, infected_running with dormant among it, and what is clean
// directly before and after. A part that is not there is empty.
func contiguous(list []segment) (walk, error) {
	reason := NeverRunning
	for i, s := range list {
		if s.phase != channel.Running || i > 0 && runs(list[i-1]) {
			continue
		}
		infects := back(list, i, channel.Infecting)
		arms := back(list, infects, channel.Armed)
		if arms == infects {
			reason = NotDirect
			continue
		}
		begins := back(list, arms, channel.Clean)
		ends := i
		for ends < len(list) && runs(list[ends]) {
			ends++
		}
		cleaned := ends
		for cleaned < len(list) && list[cleaned].phase == channel.Clean {
			cleaned++
		}
		return walk{
			lead: join(list[begins:arms]), armed: join(list[arms:infects]), infecting: join(list[infects:i]),
			running: join(list[i:ends]), tail: join(list[ends:cleaned]),
		}, nil
	}
	return walk{}, reason
}

// runs reports whether the attack is under way.
func runs(s segment) bool { return s.phase == channel.Running || s.phase == channel.Dormant }

// back returns where the segments of a phase begin that end at i.
func back(list []segment, i int, phase string) int {
	for i > 0 && list[i-1].phase == phase {
		i--
	}
	return i
}

// join is the span of some segments, empty if there are none.
func join(list []segment) span {
	if len(list) == 0 {
		return span{}
	}
	return span{list[0].from, list[len(list)-1].to}
}
