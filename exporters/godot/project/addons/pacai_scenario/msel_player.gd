extends Node
## Plays the master scenario events list: a clock, and every inject at its time and after those it waits for.
##
## Event and manual injects are played at their planned time too; an instructor may fire one earlier.

signal inject_fired(inject: Dictionary)
signal time_changed(seconds: float)

var seconds := 0.0
var speed := 1.0
var playing := false
var duration_s := 0.0
## Identifiers in the order in which they happened.
var fired: PackedStringArray = []
var _waiting: Array[Dictionary] = []
var _all: Array = []


func load_injects(injects: Array, duration: float) -> void:
	_all = injects
	duration_s = duration
	restart()


func restart() -> void:
	seconds = 0.0
	fired = []
	_waiting.assign(_all)
	_waiting.sort_custom(
		func(a: Dictionary, b: Dictionary) -> bool:
			return a.number < b.number if a.at_s == b.at_s else a.at_s < b.at_s
	)
	time_changed.emit(seconds)


func _process(delta: float) -> void:
	if playing:
		advance(delta * speed)


## Let time pass; injects that fall due happen in order.
func advance(by_seconds: float) -> void:
	seconds = minf(seconds + by_seconds, duration_s)
	var due := _next_due()
	while not due.is_empty():
		fire(due)
		due = _next_due()
	if seconds >= duration_s:
		playing = false
	time_changed.emit(seconds)


func fire(inject: Dictionary) -> void:
	_waiting.erase(inject)
	fired.append(inject.id)
	inject_fired.emit(inject)


## The inject that comes next, or an empty dictionary.
func upcoming() -> Dictionary:
	return _waiting[0] if not _waiting.is_empty() else {}


func _next_due() -> Dictionary:
	for inject in _waiting:
		if inject.at_s > seconds:
			break
		if inject.after.all(func(id: String) -> bool: return fired.has(id)):
			return inject
	return {}
