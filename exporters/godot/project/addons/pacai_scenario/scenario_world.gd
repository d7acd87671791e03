extends Node3D
## Builds the whole scenario from the files of a folder, below itself.
##
##   var world := preload("res://addons/pacai_scenario/scenario_world.gd").new()
##   add_child(world)             # reads res://scenario.json, heights.f32, cover.u8, symbols/
##   world.player.playing = true  # the MSEL runs, units move along their routes
##
## Everything that can be counted is in a group: pacai_units, pacai_objectives, pacai_routes,
## pacai_control_measures, pacai_crossings, pacai_settlements, pacai_features, pacai_roads,
## pacai_water_courses, pacai_inject_places. Each node carries the metadata "id", places also "at_cm".

signal built

const Declutter := preload("declutter.gd")
const Document := preload("document.gd")
const Ground := preload("ground.gd")
const MselPlayer := preload("msel_player.gd")
const Overlay := preload("overlay.gd")
const Places := preload("places.gd")
const UnitNode := preload("unit_node.gd")

@export_dir var folder := "res://"

var document := Document.new()
var ground := Ground.new()
var overlay := Overlay.new()
var player := MselPlayer.new()
## Unit identifier -> node.
var units := {}
var problem := ""
var _starts := {}


func _ready() -> void:
	if Engine.is_editor_hint():
		return
	if not document.read(folder):
		problem = document.problem
	else:
		problem = ground.build(document.data.terrain, document.side_m, folder)
	if problem != "":
		push_error("PacAI: " + problem)
		return
	_build()
	built.emit()


func _build() -> void:
	_add("Ground", ground)
	var places := Places.new()
	_add("Places", places)
	places.build(document, ground)
	_add("Overlay", overlay)
	overlay.build(document, ground)
	_add_units()
	_give_tasks()
	_add("Declutter", Declutter.new())
	_add("Msel", player)
	player.load_injects(document.data.injects, float(document.data.exercise.duration_s))
	player.time_changed.connect(_move_units)
	player.inject_fired.connect(_show_inject_place)


func _add(title: String, node: Node) -> void:
	node.name = title
	add_child(node)


func _add_units() -> void:
	for side: Dictionary in document.data.sides:
		_add("Side_" + str(side.id), Node3D.new())
	for unit: Dictionary in document.data.units:
		var node := UnitNode.new()
		node.build(unit, document, ground, folder)
		var parent := get_node_or_null("Side_" + str(unit.side))
		(parent if parent != null else self).add_child(node)
		units[unit.id] = node
		_starts[unit.id] = node.position


func _give_tasks() -> void:
	for task: Dictionary in document.data.tasks:
		var curve: Curve3D = null
		var duration_s := 0.0
		if task.route != null and overlay.curves.has(task.route):
			curve = overlay.curves[task.route]
			duration_s = float(document.by_id[task.route].duration_s)
		if units.has(task.unit):
			units[task.unit].add_task(task, curve, duration_s)


func _move_units(seconds: float) -> void:
	for id: String in units:
		units[id].stand_at(seconds, _starts[id])


func _show_inject_place(inject: Dictionary) -> void:
	for node in get_tree().get_nodes_in_group("pacai_inject_places"):
		if node.get_meta("id") == inject.id:
			node.visible = true
