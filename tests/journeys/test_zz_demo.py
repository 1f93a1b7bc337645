def test_look(someone):
    d=someone("dana.whitfield@aldercreek.example")
    d.goes_to("/staff/today/"); d.page.screenshot(path="/tmp/p_today.png", full_page=True)
    d.follows("Open"); d.page.wait_for_timeout(300); d.page.screenshot(path="/tmp/p_group.png", full_page=False)
    d.goes_to("/staff/today/"); d.follows("Maya R."); d.page.screenshot(path="/tmp/p_chart.png", full_page=False)
    d.page.get_by_role("link", name="Week").first.click(); d.page.screenshot(path="/tmp/p_week.png", full_page=True)
    d.goes_to("/staff/today/"); d.presses_or_follows("Show"); d.page.screenshot(path="/tmp/p_today2.png", full_page=True)
    m=someone("maya.reyes@aldercreek.example", width=390); m.goes_to("/me/"); m.page.screenshot(path="/tmp/p_me.png", full_page=True)
    r=someone("rosa.mendoza@aldercreek.example", width=390); r.goes_to("/me/plan/"); r.page.screenshot(path="/tmp/p_rosa.png", full_page=True)
