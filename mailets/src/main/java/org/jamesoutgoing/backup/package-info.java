/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
/**
 * This James as a backup mail server: for which domains and recipients it takes mail, as their routes say, and asking their
 * main server whether a recipient exists. Start reading at {@link org.jamesoutgoing.backup.BackupServer}.
 */
package org.jamesoutgoing.backup;
