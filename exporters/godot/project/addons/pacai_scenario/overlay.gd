extends Node3D
## The plan drawn on the ground: objectives, control measures, routes, the places of injects.

const Axes := preload("axes.gd")
const Document := preload("document.gd")
const Ground := preload("ground.gd")
const Marks := preload("marks.gd")
const Ribbon := preload("ribbon.gd")

const LINE_M := 6.0
const ROUTE_M := 3.0
const LIFT_M := 1.4
const TITLE_M := 20.0
const LABEL_RANGE := 5000.0
const OBJECTIVE_RANGE := 20000.0

var _document: Document
var _ground: Ground
## Route identifier -> Curve3D along the ground.
var curves := {}


func build(document: Document, ground: Ground) -> void:
	_document = document
	_ground = ground
	for objective: Dictionary in document.data.objectives:
		_add_objective(objective)
	for measure: Dictionary in document.data.control_measures:
		_add_measure(measure)
	for route: Dictionary in document.data.routes:
		_add_route(route)
	for inject: Dictionary in document.data.injects:
		if inject.location != null:
			_add_inject_place(inject)


func _line(points: Array) -> PackedVector2Array:
	var line := PackedVector2Array()
	for point: Dictionary in points:
		line.append(Axes.ground_point(point, _document.side_m))
	return line


func _marked(node: Node3D, record: Dictionary, at: Dictionary, group: String) -> Node3D:
	node.name = Marks.node_name(record.id)
	node.position = _ground.on_ground(Axes.ground_point(at, _document.side_m))
	node.set_meta("id", record.id)
	node.set_meta("at_cm", Vector2i(int(at.east_cm), int(at.north_cm)))
	node.set_meta("record", record)
	node.add_to_group(group)
	add_child(node)
	return node


func _titled(node: Node3D, text: String, tint: Color, rank: Marks.Rank, raise_px := 0.0) -> void:
	var range_m := OBJECTIVE_RANGE if rank == Marks.Rank.OBJECTIVE else LABEL_RANGE
	var title := Marks.label(text, tint, rank, range_m, raise_px)
	title.position.y = TITLE_M
	node.add_child(title)


func _add_objective(objective: Dictionary) -> void:
	var node := _marked(Node3D.new(), objective, objective.at, "pacai_objectives")
	var kind: String = objective.kind.replace("_", " ")
	var holder := _document.side_name(objective.held_by)
	var text := "%s\n%s, held by %s" % [objective.name, kind, holder]
	_titled(node, text, Color(1.0, 0.87, 0.35), Marks.Rank.OBJECTIVE, 60.0)
	var centre := Axes.ground_point(objective.at, _document.side_m)
	var ring := Ribbon.circle(centre, float(objective.radius_cm) / 100.0)
	add_child(Ribbon.draped(_ground, ring, LINE_M, Color(1.0, 0.80, 0.20), LIFT_M, true))


func _add_measure(measure: Dictionary) -> void:
	var line := _line(measure.points)
	var tint := Marks.colour(_document.affiliation(measure.side)).darkened(0.25)
	var anchor: Dictionary = measure.points[0 if measure.geometry != "line" else measure.points.size() / 2]
	var node := _marked(Node3D.new(), measure, anchor, "pacai_control_measures")
	_titled(node, "%s\n%s" % [measure.name, measure.kind.replace("_", " ")], tint.lightened(0.4), Marks.Rank.MEASURE)
	var outline := line
	if measure.geometry == "point" or line.size() < 2:
		outline = Ribbon.circle(line[0], 25.0)
	var closed: bool = measure.geometry != "line"
	add_child(Ribbon.draped(_ground, outline, LINE_M, tint, LIFT_M, closed))


func _add_route(route: Dictionary) -> void:
	var curve := Curve3D.new()
	curve.bake_interval = _ground.cell
	for point: Vector2 in _line(route.points):
		curve.add_point(_ground.on_ground(point))
	curves[route.id] = curve
	var path := Path3D.new()
	path.curve = curve
	path.name = Marks.node_name(route.id)
	path.set_meta("id", route.id)
	path.set_meta("unit", route.unit)
	path.set_meta("record", route)
	path.add_to_group("pacai_routes")
	var unit: Dictionary = _document.by_id.get(route.unit, {})
	var tint := Marks.colour(_document.affiliation(unit.get("side", ""))).darkened(0.1)
	path.add_child(Ribbon.draped(_ground, _line(route.points), ROUTE_M, Color(tint, 0.75), LIFT_M))
	add_child(path)


func _add_inject_place(inject: Dictionary) -> void:
	var node := _marked(Node3D.new(), inject, inject.location, "pacai_inject_places")
	_titled(node, "%d %s" % [inject.number, inject.title], Color(1.0, 0.93, 0.6), Marks.Rank.INJECT, -34.0)
	node.visible = false
