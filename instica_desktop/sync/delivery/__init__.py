"""How each kind of operation reaches the server: records, photos, parcels, offers on marketplaces.

Each module has one class with a way per kind. A way reads before it writes wherever that can prevent harm;
what is of uncertain outcome is looked for by what identifies it before it is sent again.
"""
