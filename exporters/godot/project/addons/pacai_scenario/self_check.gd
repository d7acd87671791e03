extends SceneTree
## Loads the main scene without a window and prints what stands in it as one line of JSON:
##
##   godot --headless --path <this project> --import
##   godot --headless --path <this project> --script res://addons/pacai_scenario/self_check.gd
##
## Positions are metres in Godot's axes. The MSEL is played to its end in accelerated time.

const MARK := "PACAI_SELF_CHECK "
const STEP_S := 7.0
const GROUPS := [
	"pacai_units", "pacai_objectives", "pacai_routes", "pacai_control_measures", "pacai_crossings",
	"pacai_settlements", "pacai_features", "pacai_roads", "pacai_water_courses", "pacai_inject_places",
]


func _initialize() -> void:
	_run.call_deferred()


func _run() -> void:
	var main: Node = load(ProjectSettings.get_setting("application/run/main_scene")).instantiate()
	root.add_child(main)
	await process_frame
	await physics_frame
	await physics_frame
	var world := main.get_node("World")
	var report := {"engine": Engine.get_version_info().string, "problem": world.problem}
	if world.problem == "":
		for group: String in GROUPS:
			report[group.trim_prefix("pacai_")] = get_nodes_in_group(group).map(_described)
		report["collision"] = _collision_errors(world)
		report["sun_deg"] = [main.get_node("Sky").elevation_deg, main.get_node("Sky").azimuth_deg]
		report["fired"] = _play(world.player)
		report["at_end"] = _places_of_units(world)
	print(MARK, JSON.stringify(report))
	main.free()
	quit(0 if world_is_well(report) else 1)


func world_is_well(report: Dictionary) -> bool:
	return report.problem == ""


func _described(node: Node3D) -> Dictionary:
	var found := {"id": node.get_meta("id"), "position": _list(node.global_position)}
	if node.has_meta("at_cm"):
		found["at_cm"] = [node.get_meta("at_cm").x, node.get_meta("at_cm").y]
	if node.has_meta("parent"):
		found["parent"] = node.get_meta("parent")
		found["side"] = node.get_meta("side")
		found["heading_deg"] = fposmod(-rad_to_deg(node.global_rotation.y), 360.0)
		found["symbol"] = node.get_node("Symbol").texture != null
		found["label"] = node.get_node("Label").text
		found["tasks"] = node.get_meta("tasks").map(func(task: Dictionary) -> String: return task.id)
	if node is Path3D:
		found["points"] = range(node.curve.point_count).map(
			func(index: int) -> Array: return _list(node.curve.get_point_position(index))
		)
	if node.has_meta("buildings"):
		found["buildings"] = node.get_meta("buildings")
	return found


func _list(at: Vector3) -> Array:
	return [at.x, at.y, at.z]


## Where a ray from above meets the collision shape, minus the height there: the largest of a few places.
func _collision_errors(world: Node3D) -> Dictionary:
	var space := world.get_world_3d().direct_space_state
	var worst := 0.0
	var hits := 0
	for node: Node3D in get_nodes_in_group("pacai_units") + get_nodes_in_group("pacai_objectives"):
		var at := node.global_position
		var ray := PhysicsRayQueryParameters3D.create(at + Vector3.UP * 500.0, at + Vector3.DOWN * 500.0)
		var hit := space.intersect_ray(ray)
		if not hit.is_empty():
			hits += 1
			worst = maxf(worst, absf(hit.position.y - at.y))
	return {"hits": hits, "worst_m": worst}


func _play(player: Node) -> Array:
	var happened := []
	player.inject_fired.connect(
		func(inject: Dictionary) -> void: happened.append({"id": inject.id, "at_s": player.seconds})
	)
	while player.seconds < player.duration_s:
		player.advance(STEP_S)
	return happened


func _places_of_units(world: Node) -> Dictionary:
	var places := {}
	for id: String in world.units:
		places[id] = _list(world.units[id].global_position)
	return places
