extends CanvasLayer
## What an instructor sees and presses: clock, phase, weather, play and speed, next inject, log, ORBAT, orders.

const Document := preload("document.gd")
const Marks := preload("marks.gd")
const Ribbon := preload("ribbon.gd")
const Words := preload("orders_text.gd")

const SPEEDS: Array[int] = [1, 10, 60, 300]
const HELP := "Right mouse + W A S D Q E: fly   Wheel: speed   Space: play   C: clear view   Tab: panels"
const START_DISTANCE_M := 900.0

var _document: Document
var _clock := Label.new()
var _weather := Label.new()
var _play := Button.new()
var _speed := OptionButton.new()
var _clear := CheckButton.new()
var _next := RichTextLabel.new()
var _log := RichTextLabel.new()
var _detail := RichTextLabel.new()
var _orbat := Tree.new()
var _panels: Array[Control] = []
var _rings: Array[Node] = []

@onready var _world := get_node("../World")
@onready var _sky := get_node("../Sky")
@onready var _camera := get_node("../Camera")


func _ready() -> void:
	_document = _world.document
	if _world.problem != "":
		_show_problem()
		return
	_sky.build(_document)
	_camera.ground_height = _world.ground.height_at
	_build_bar()
	_build_left()
	_build_right()
	_world.player.time_changed.connect(_show_time)
	_world.player.inject_fired.connect(_log_inject)
	_show_time(0.0)
	_look_at_start()


func _unhandled_key_input(event: InputEvent) -> void:
	if not event.is_pressed() or event.is_echo() or _document == null:
		return
	match (event as InputEventKey).keycode:
		KEY_SPACE:
			_toggle_play()
		KEY_C:
			_clear.button_pressed = not _clear.button_pressed
		KEY_TAB:
			for panel in _panels:
				panel.visible = not panel.visible


func _build_bar() -> void:
	var title := Label.new()
	title.text = _document.data.title
	title.add_theme_font_size_override("font_size", 19)
	title.add_theme_color_override("font_color", Color("ffd866"))
	_play.text = "Play"
	_play.pressed.connect(_toggle_play)
	for speed in SPEEDS:
		_speed.add_item("x %d" % speed)
	_speed.item_selected.connect(func(index: int) -> void: _world.player.speed = SPEEDS[index])
	_clear.text = "Clear view"
	_clear.toggled.connect(_set_clear_view)
	var bar := HBoxContainer.new()
	bar.add_theme_constant_override("separation", 18)
	var restart := _button("Restart", _restart)
	var jump := _button("To next inject", _jump)
	for control: Control in [title, _clock, _play, _speed, restart, jump, _clear]:
		control.focus_mode = Control.FOCUS_NONE
		bar.add_child(control)
	var rows := VBoxContainer.new()
	rows.add_child(bar)
	var second := HBoxContainer.new()
	second.add_theme_constant_override("separation", 18)
	second.add_child(_weather)
	rows.add_child(second)
	for label: Label in [_weather]:
		label.add_theme_color_override("font_color", Color(0.75, 0.80, 0.85))
		label.add_theme_font_size_override("font_size", 13)
	_panel(rows, Control.PRESET_TOP_WIDE, Rect2(0, 0, 0, 72))
	var help := Label.new()
	help.text = HELP
	help.add_theme_font_size_override("font_size", 13)
	_panel(help, Control.PRESET_BOTTOM_WIDE, Rect2(0, -32, 0, 0))


func _build_left() -> void:
	var tabs := TabContainer.new()
	_fill_orbat()
	var orders := RichTextLabel.new()
	orders.text = Words.orders(_document)
	for part: Array in [["Units", _orbat], ["Selected", _detail], ["Orders", orders]]:
		part[1].name = part[0]
		tabs.add_child(part[1])
	for text: RichTextLabel in [_detail, orders]:
		text.bbcode_enabled = true
		text.add_theme_font_size_override("normal_font_size", 14)
	_orbat.item_selected.connect(func() -> void: _select(_orbat.get_selected().get_metadata(0)))
	_orbat.item_activated.connect(func() -> void: tabs.current_tab = 1)
	_panel(tabs, Control.PRESET_LEFT_WIDE, Rect2(8, 80, 348, -40))


func _build_right() -> void:
	var column := VBoxContainer.new()
	for text: RichTextLabel in [_next, _log]:
		text.bbcode_enabled = true
		text.add_theme_font_size_override("normal_font_size", 14)
	_next.fit_content = true
	_log.scroll_following = true
	_log.size_flags_vertical = Control.SIZE_EXPAND_FILL
	for part: Control in [_heading("Next inject"), _next, _heading("Log"), _log]:
		column.add_child(part)
	_panel(column, Control.PRESET_RIGHT_WIDE, Rect2(-388, 80, -8, -40))


## Put content into a dark panel at an edge of the window; rect holds left, top, right and bottom offsets.
func _panel(content: Control, preset: Control.LayoutPreset, rect: Rect2) -> void:
	var panel := PanelContainer.new()
	var style := StyleBoxFlat.new()
	style.bg_color = Color(0.07, 0.09, 0.11, 0.82)
	style.set_content_margin_all(8.0)
	style.set_corner_radius_all(4)
	panel.add_theme_stylebox_override("panel", style)
	add_child(panel)
	panel.set_anchors_preset(preset)
	panel.offset_left = rect.position.x
	panel.offset_top = rect.position.y
	panel.offset_right = rect.size.x
	panel.offset_bottom = rect.size.y
	panel.add_child(content)
	_panels.append(panel)


func _button(text: String, pressed: Callable) -> Button:
	var button := Button.new()
	button.text = text
	button.pressed.connect(pressed)
	return button


func _heading(text: String) -> Label:
	var label := Label.new()
	label.text = text
	label.add_theme_color_override("font_color", Color("ffd866"))
	return label


func _fill_orbat() -> void:
	_orbat.hide_root = true
	var top := _orbat.create_item()
	var items := {}
	for side: Dictionary in _document.data.sides:
		items[side.id] = _orbat.create_item(top)
		items[side.id].set_text(0, side.name)
		items[side.id].set_metadata(0, "")
	for unit: Dictionary in _document.data.units:
		var above: TreeItem = items.get(unit.parent if unit.parent != null else unit.side, top)
		items[unit.id] = _orbat.create_item(above)
		items[unit.id].set_text(0, "%s  %s" % [unit.short_name, unit.callsign])
		items[unit.id].set_custom_color(0, Marks.colour(_document.affiliation(unit.side)))
		items[unit.id].set_metadata(0, unit.id)


func _select(id: String) -> void:
	for ring in _rings:
		ring.queue_free()
	_rings.clear()
	if id == "":
		return
	var node: Node3D = _world.units[id]
	_detail.text = Words.unit(node.record, node.tasks, _document)
	_camera.go_to(node.global_position, 350.0)
	_add_ring(node, float(node.record.weapon_range_m), Color(1.0, 0.35, 0.3, 0.6))
	_add_ring(node, float(node.record.sensor_range_m), Color(0.4, 0.7, 1.0, 0.6))


func _add_ring(node: Node3D, radius: float, tint: Color) -> void:
	if radius <= 0.0:
		return
	var centre := Vector2(node.global_position.x, node.global_position.z)
	var ring := Ribbon.draped(_world.ground, Ribbon.circle(centre, radius), 4.0, tint, 1.8, true)
	_world.add_child(ring)
	_rings.append(ring)


func _toggle_play() -> void:
	_world.player.playing = not _world.player.playing
	_play.text = "Pause" if _world.player.playing else "Play"


func _restart() -> void:
	_log.text = ""
	_world.player.restart()


func _jump() -> void:
	var next: Dictionary = _world.player.upcoming()
	if not next.is_empty():
		_world.player.advance(maxf(0.0, next.at_s - _world.player.seconds))


func _set_clear_view(on: bool) -> void:
	_sky.clear_view = on
	_sky.refresh()


func _show_time(seconds: float) -> void:
	_sky.show_at(seconds)
	_play.text = "Pause" if _world.player.playing else "Play"
	var clock := [Words.clock(seconds), _document.local_clock(seconds), _document.phase_at(seconds)]
	_clock.text = "%s   %s local   %s" % clock
	_weather.text = "%s   |   %s" % [Words.weather(_document.spell_at(seconds)), Words.sun(_document.data.environment)]
	var next: Dictionary = _world.player.upcoming()
	_next.text = "none" if next.is_empty() else Words.inject(next, _document)


func _log_inject(inject: Dictionary) -> void:
	_log.append_text(Words.inject(inject, _document) + "\n\n")


func _look_at_start() -> void:
	var objectives := get_tree().get_nodes_in_group("pacai_objectives")
	var units := get_tree().get_nodes_in_group("pacai_units")
	var places := objectives if not objectives.is_empty() else units
	if not places.is_empty():
		_camera.go_to((places[0] as Node3D).global_position, START_DISTANCE_M)


func _show_problem() -> void:
	var label := Label.new()
	label.text = "This scenario cannot be shown: " + _world.problem
	_panel(label, Control.PRESET_TOP_WIDE, Rect2(0, 0, 0, 48))
