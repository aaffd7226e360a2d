// Package alarm turns a stream of predictions into alarms, and says how soon and how often
// they are right.
//
// Call [Group] to sort predictions into episodes, [Choose] to set a [Trigger] on the
// validation part, and [Judge] to see what it does on the test part. A live detector feeds
// the same trigger window by window. Read trigger.go first.
package alarm
