"""Finished pages in front of Django: what everybody may see is made once and answered from memory until it changes.

`marking` says which answers may be kept and what they depend on, `shelf` keeps them, `front` is the WSGI application
in front of Django's. Rules (speed.md 3): only GET without session, status 200, no cookie, no Vary but encoding; the
counters are read before the page is made; an answer that shows seats lasts five seconds, none lasts past midnight.
"""
