extends SceneTree
## Draws the main scene to a PNG: godot … --script screenshot.gd -- <file.png> [seconds] [clear] [distance]


func _initialize() -> void:
	_run.call_deferred()


func _run() -> void:
	var arguments := OS.get_cmdline_user_args()
	var main: Node = load("res://main.tscn").instantiate()
	root.add_child(main)
	for frame in 2:
		await process_frame
	var world := main.get_node("World")
	if arguments.size() > 1:
		world.player.advance(float(arguments[1]))
	if arguments.size() > 2 and arguments[2] == "clear":
		main.get_node("Hud")._set_clear_view(true)
	if arguments.size() > 3:
		var objectives := get_nodes_in_group("pacai_objectives")
		main.get_node("Camera").go_to(objectives[0].global_position, float(arguments[3]))
	for frame in 3:
		await process_frame
	await RenderingServer.frame_post_draw
	root.get_texture().get_image().save_png(arguments[0])
	main.free()
	quit()
