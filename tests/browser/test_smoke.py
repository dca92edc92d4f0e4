def test_log_in(cast, desk):
    desk("clerk").go("submission_list").shot("list")
