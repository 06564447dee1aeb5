/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

void tide_text_tags_guard (void);
