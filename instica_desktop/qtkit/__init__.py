"""Qt without business words. Imports Qt, `core` for plain types and errors, and `system.resources`.

Every interactive widget takes an object name and an accessible name. All text shown is plain text.

Work and wiring
    tasks.TaskScope(parent).spawn(coro, name, group=None, exclusive=False, on_error=None); tasks.set_reporter
    bus.Bus.changed, bus.Bus.publish          loop.run(app, main)
    text.Label, ElidedLabel, set_tooltip, menu_text, name_widget, restyle
    dialogs.ask, confirm, open_files, save_file      images.ImageLoader

The look
    theme.apply(app, "light" | "dark" | "system"), theme.colors.color(token), theme.fonts.font(role, tabular),
    theme.icons.icon(name, token) / pixmap / paint; theme.tokens holds every colour and size; paint.* draws
    surfaces by property: setProperty("surface", "base" | "card" | "raised" | "tint"), ("card", True),
    ("edge", "top")

Tables
    columns.Column, TitleValue, BadgeValue, MarkValue         feed.RowFeed and its events
    entity_table.EntityTableView(columns, name, accessible, parent, pictures=)
        .set_results(feed, ordering) .current_row() .go_to(index) .go_to_uid(uid) .selection
        .states.set_empty(spec) .states.set_error(spec) .states.chosen .set_compact .set_row_height
        .save_state .restore_state .edit_current .show_cell_error(uid, key, message) .pictures_arrived
        .columns_menu .is_dimmed signals ordering_requested, current_row_changed, activated_row,
        selection_changed, context_requested, edit_committed(row, key, value), layout_changed,
        deletion_requested
        .editing .saved(uid, key, row) .refused(uid, key, message) .leave signals typing, kept
    entity_table.EntityTableModel: .row(index) .count_changed .state_changed
    selection: .count .all_matching .ids .excluded .uids() .clear() .select_all()
    widgets.cell_editors: text_editor, money_editor, choice_editor, list_editor make `Column.editor`

Widgets (module of `widgets`: names)
    button: Button, IconButton                 badge: Badge, RowMark        chip: Chip
    indicators: KeyCap, Meter, Spinner, Dot, Avatar, Rule          checks: CheckBox, RadioButton
    filter_chip: FilterChip, FilterOption      search_field: SearchField, Span
    segments: Segment, SegmentedControl        grade_picker: GradePicker(grades: Sequence[Segment], …)
    form_field: FormField                      inputs: TextField, MoneyField, TextArea, ReadOnlyValue, Select
    status_moves: StatusMoves, Move            photo_strip: PhotoStrip, Photo
    toast: ToastHost                           empty_state: EmptyState, StateSpec
    rail: Rail, RailItem, RailHeading          status_cell: StatusCell
    popover: Popover                           banner: Banner
    tabs: Tabs                                 menu: make_menu, add_action, open_below
    focus_ring: attach_ring                    choice_list: ChoiceList
"""
