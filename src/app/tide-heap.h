/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Once, when the program starts, by the main thread */
void tide_heap_prepare (void);
