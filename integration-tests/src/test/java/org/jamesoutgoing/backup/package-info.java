/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
/** Whole-server tests of James as a backup mail server: what it takes from strangers, and where that goes. */
package org.jamesoutgoing.backup;
